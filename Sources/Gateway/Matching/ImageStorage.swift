import Store

/// Which SOP classes hold images that a model can run on (PS3.4 §B.5), and what the others are called.
///
/// Secondary captures, segmentations, parametric maps and dose grids have pixels, too, but are made from images: a
/// rendered view in a CT series is no slice of it.
enum ImageStorage {
    /// How many slices a series has: the frames of its images.
    static func slices(of series: SeriesSnapshot) -> Int {
        series.instances.reduce(0) { $0 + (isImage($1) ? max($1.frames ?? 1, 1) : 0) }
    }

    /// Whether an object is an image as a scanner makes it.
    static func isImage(_ instance: InstanceSnapshot) -> Bool {
        images.contains(instance.sopClass) && (instance.rows ?? 0) > 0 && (instance.columns ?? 0) > 0
    }

    /// What a series consists of, such as `2 RT Structure Set`.
    static func kinds(of series: SeriesSnapshot) -> String {
        var counts: [String: Int] = [:]
        for instance in series.instances { counts[name(instance.sopClass), default: 0] += 1 }
        return counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    }

    /// What people call a SOP class.
    static func name(_ uid: String) -> String {
        if let name = names[uid] { return name }
        return images.contains(uid) ? "image" : "object of SOP class \(uid)"
    }

    private static let root = "1.2.840.10008.5.1.4.1.1."

    private static let images: Set<String> = Set(
        [
            "1", "1.1", "1.1.1", "1.2", "1.2.1", "1.3", "1.3.1",  // CR and digital X-ray
            "2", "2.1", "2.2",  // CT, enhanced CT, legacy converted CT
            "3.1", "6.1", "6.2",  // ultrasound
            "4", "4.1", "4.3", "4.4",  // MR, enhanced MR, enhanced colour MR, legacy converted MR
            // X-ray and tomosynthesis
            "12.1", "12.1.1", "12.2", "12.2.1", "13.1.1", "13.1.2", "13.1.3", "13.1.4", "13.1.5",
            "14.1", "14.2",  // intravascular OCT
            "20", "128", "128.1", "130",  // nuclear medicine, PET
            "77.1.1", "77.1.2", "77.1.3", "77.1.4", "77.1.5.1", "77.1.5.2", "77.1.5.4", "77.1.6",  // visible light
            "481.1",  // RT image
        ].map { root + $0 })

    private static let names: [String: String] = Dictionary(
        uniqueKeysWithValues: [
            ("2", "CT image"), ("2.1", "enhanced CT image"), ("4", "MR image"), ("4.1", "enhanced MR image"),
            ("128", "PET image"), ("7", "secondary capture"), ("7.1", "secondary capture"),
            ("7.2", "secondary capture"), ("7.3", "secondary capture"), ("7.4", "secondary capture"),
            ("11.1", "presentation state"), ("66", "raw data object"), ("66.1", "spatial registration"),
            ("66.4", "segmentation"), ("66.7", "label map segmentation"), ("30", "parametric map"),
            ("88.11", "structured report"), ("88.22", "structured report"), ("88.33", "structured report"),
            ("88.34", "structured report"), ("88.59", "key object selection"), ("88.67", "dose report"),
            ("104.1", "encapsulated PDF"), ("481.2", "RT dose grid"), ("481.3", "RT structure set"),
            ("481.5", "RT plan"),
        ].map { (root + $0.0, $0.1) })
}
