// The table itself. The codes are checked against pydicom's and DCMTK's dictionaries and the published context
// groups of dcmqi and TotalSegmentator by `TerminologyTests`; the colours follow the habits of anatomical atlases.
extension Terminology {
    /// The structures that the built-in table knows.
    static let entries: [Entry] = [
        row(.anatomy, "78961009", "Spleen", (157, 108, 162), ["spleen"]),
        row(.anatomy, "10200004", "Liver", (221, 130, 101), ["liver"]),
        row(.anatomy, "64033007", "Kidney", (200, 100, 60), ["kidney", "kideny", "kidneys"], paired: true),
        row(.anatomy, "15776009", "Pancreas", (249, 180, 111), ["pancreas"]),
        row(.anatomy, "28231008", "Gallbladder", (139, 150, 98), ["gallbladder", "gall bladder"]),
        row(.anatomy, "69695003", "Stomach", (216, 132, 105), ["stomach"]),
        row(.anatomy, "15825003", "Aorta", (224, 97, 76), ["aorta"]),
        row(
            .anatomy, "64131007", "Inferior vena cava", (0, 151, 206),
            ["inferior vena cava", "ivc", "postcava", "vena cava inferior"]),
        row(.anatomy, "48345005", "Superior vena cava", (60, 120, 210), ["superior vena cava", "svc"]),
        row(
            .anatomy, "110765007", "Portal vein and splenic vein", (0, 151, 150),
            ["portal vein and splenic vein", "portal and splenic veins", "portal vein and splenic veins"]),
        row(
            .anatomy, "23451007", "Adrenal gland", (244, 186, 50),
            ["adrenal gland", "adrenal glands", "adrenal"], paired: true),
        row(.anatomy, "32849002", "Esophagus", (211, 171, 143), ["esophagus", "oesophagus"]),
        row(.anatomy, "38848004", "Duodenum", (255, 200, 130), ["duodenum"]),
        row(.anatomy, "71854001", "Colon", (204, 168, 143), ["colon"]),
        row(.anatomy, "30315005", "Small Intestine", (205, 167, 142), ["small bowel", "small intestine"]),
        row(.anatomy, "34402009", "Rectum", (160, 120, 90), ["rectum"]),
        row(.anatomy, "39607008", "Lung", (197, 165, 145), ["lung", "lungs"], paired: true),
        row(
            .anatomy, "45653009", "Upper lobe of lung", (172, 138, 115),
            ["lung upper lobe", "upper lobe lung", "upper lobe of lung"], paired: true),
        row(
            .anatomy, "72481006", "Middle lobe of right lung", (202, 164, 140),
            ["lung middle lobe right", "right lung middle lobe", "right middle lobe of lung"]),
        row(
            .anatomy, "90572001", "Lower lobe of lung", (224, 186, 162),
            ["lung lower lobe", "lower lobe lung", "lower lobe of lung"], paired: true),
        row(.anatomy, "44567001", "Trachea", (182, 228, 255), ["trachea"]),
        row(.anatomy, "80891009", "Heart", (206, 110, 84), ["heart"]),
        row(.anatomy, "74281007", "Myocardium", (192, 104, 88), ["myocardium", "heart myocardium"]),
        row(.anatomy, "82471001", "Left atrium", (203, 81, 78), ["left atrium", "heart atrium left"]),
        row(.anatomy, "73829009", "Right atrium", (90, 130, 200), ["right atrium", "heart atrium right"]),
        row(
            .anatomy, "87878005", "Left ventricle of heart", (152, 55, 13), ["left ventricle", "heart ventricle left"]),
        row(
            .anatomy, "53085002", "Right ventricle of heart", (110, 90, 180),
            ["right ventricle", "heart ventricle right"]),
        row(.anatomy, "81040000", "Pulmonary artery", (0, 122, 171), ["pulmonary artery"]),
        row(.anatomy, "89837001", "Urinary bladder", (222, 154, 132), ["bladder", "urinary bladder"]),
        row(.anatomy, "41216001", "Prostate", (230, 158, 140), ["prostate"]),
        row(.anatomy, "35039007", "Uterus", (255, 181, 158), ["uterus"]),
        row(.anatomy, "12738006", "Brain", (250, 250, 225), ["brain"]),
        row(.anatomy, "2748008", "Spinal cord", (244, 214, 49), ["spinal cord"]),
        row(.anatomy, "69748006", "Thyroid gland", (98, 153, 112), ["thyroid", "thyroid gland"], paired: true),
        row(
            .anatomy, "73634005", "Common iliac artery", (216, 101, 79),
            ["iliac artery", "common iliac artery"], paired: true),
        row(
            .anatomy, "46027005", "Common iliac vein", (0, 112, 165),
            ["iliac vena", "iliac vein", "common iliac vein"], paired: true),
        row(.anatomy, "71341001", "Femur", (230, 210, 160), ["femur"], paired: true),
        row(.anatomy, "29836001", "Hip", (240, 220, 170), ["hip"], paired: true),
        row(.anatomy, "54735007", "Sacrum", (212, 188, 102), ["sacrum"]),
        row(.anatomy, "79601000", "Scapula", (212, 208, 122), ["scapula"], paired: true),
        row(.anatomy, "51299004", "Clavicle", (200, 190, 130), ["clavicula", "clavicle"], paired: true),
        row(.anatomy, "85050009", "Humerus", (205, 179, 108), ["humerus"], paired: true),
        row(.anatomy, "56873002", "Sternum", (244, 217, 154), ["sternum"]),
        row(.anatomy, "89546000", "Skull", (241, 213, 144), ["skull"]),
        row(.anatomy, "181674001", "Gluteus maximus muscle", (188, 95, 76), ["gluteus maximus"], paired: true),
        row(.anatomy, "78333006", "Gluteus medius muscle", (178, 105, 76), ["gluteus medius"], paired: true),
        row(.anatomy, "68455001", "Iliopsoas muscle", (198, 85, 66), ["iliopsoas"], paired: true),
        row(.tissue, "55603005", "Fat", (230, 220, 70), ["fat"]),
        row(.tissue, "67769002", "Subcutaneous fatty tissue", (240, 225, 110), ["subcutaneous fat"]),
        row(
            .altered, "27925004", "Nodule", (220, 40, 180),
            ["lung nodule", "pulmonary nodule"], in: ("39607008", "Lung")),
        row(
            .altered, "108369006", "Neoplasm", (144, 238, 20), ["lung tumor", "lung tumour"], in: ("39607008", "Lung")),
        row(
            .altered, "108369006", "Neoplasm", (160, 230, 30),
            ["hepatic tumor", "liver tumor", "hepatic tumour", "liver tumour"], in: ("10200004", "Liver")),
        row(
            .altered, "108369006", "Neoplasm", (130, 220, 40),
            ["pancreatic tumor", "pancreas tumor", "pancreatic tumour"], in: ("15776009", "Pancreas")),
        row(
            .altered, "108369006", "Neoplasm", (150, 210, 20),
            ["kidney tumor", "renal tumor", "renal tumour"], in: ("64033007", "Kidney")),
        row(.altered, "108369006", "Neoplasm", (120, 240, 60), ["tumor", "tumour", "neoplasm"]),
        row(.altered, "4147007", "Mass", (144, 238, 144), ["mass"]),
        row(.altered, "79654002", "Edema", (140, 224, 228), ["edema", "oedema"]),
        row(.altered, "6574001", "Necrosis", (216, 191, 216), ["necrosis"]),
        row(.altered, "367643001", "Cyst", (205, 205, 100), ["cyst"]),
    ]

    private static func row(
        _ category: Category, _ code: String, _ meaning: String, _ colour: (UInt8, UInt8, UInt8), _ names: [String],
        paired: Bool = false, in region: (code: String, meaning: String)? = nil
    ) -> Entry {
        Entry(
            names: names, category: category, type: CodedConcept(code, "SCT", meaning),
            region: region.map { CodedConcept($0.code, "SCT", $0.meaning) },
            colour: RGBColour(colour.0, colour.1, colour.2), isPaired: paired)
    }
}
