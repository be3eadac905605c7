public import DICOM

/// Who made an object, as the object itself says: its equipment, what contributed to it, and its algorithms.
public struct Provenance: Sendable, Hashable, CustomStringConvertible {
    /// A piece of equipment: the object's own, or an item of the Contributing Equipment Sequence (0018,A001).
    public struct Equipment: Sendable, Hashable {
        /// What it did; nil for the equipment that wrote the object.
        public let purpose: CodedConcept?
        /// Manufacturer (0008,0070).
        public let manufacturer: String
        /// Manufacturer's Model Name (0008,1090).
        public let modelName: String
        /// Software Versions (0018,1020).
        public let softwareVersions: String
        /// Device UID (0018,1002).
        public let deviceUID: String?
        /// Device Serial Number (0018,1000).
        public let serialNumber: String?
        /// Contribution DateTime (0018,A002).
        public let dateTime: String?
        /// Contribution Description (0018,A003).
        public let description: String?

        init(_ item: DataSet, purpose: CodedConcept?) throws {
            self.purpose = purpose
            manufacturer = try item.text(.manufacturer) ?? ""
            modelName = try item.text(.manufacturerModelName) ?? ""
            softwareVersions = try item.text(.softwareVersions) ?? ""
            deviceUID = try item.string(.deviceUID)
            serialNumber = try item.text(.deviceSerialNumber)
            dateTime = try item.string(.contributionDateTime)
            description = try item.text(.contributionDescription)
        }
    }

    /// An item of the Segmentation Algorithm Identification Sequence (0062,0007).
    public struct Algorithm: Sendable, Hashable {
        /// Algorithm Family.
        public let family: CodedConcept?
        /// Algorithm Name (0066,0036).
        public let name: String
        /// Algorithm Version (0066,0031).
        public let version: String
        /// Algorithm Source (0024,0202).
        public let source: String?
        /// Algorithm Parameters (0066,0032).
        public let parameters: String?
    }

    /// The equipment that wrote the object.
    public let writer: Equipment

    /// What contributed to it, in the order of the object.
    public let contributions: [Equipment]

    /// The algorithms of its segments, each once.
    public let algorithms: [Algorithm]

    /// Reads the provenance of an object of any kind.
    public init(_ dataSet: DataSet) throws {
        writer = try Equipment(dataSet, purpose: nil)
        contributions = try dataSet.items(.contributingEquipmentSequence).map { item in
            try Equipment(item, purpose: item.firstItem(.purposeOfReferenceCodeSequence).flatMap(CodedConcept.init))
        }
        var algorithms: [Algorithm] = []
        for segment in try dataSet.items(.segmentSequence) {
            for item in try segment.items(.segmentationAlgorithmIdentificationSequence) {
                let algorithm = Algorithm(
                    family: try item.firstItem(.algorithmFamilyCodeSequence).flatMap(CodedConcept.init),
                    name: try item.text(.algorithmName) ?? "", version: try item.text(.algorithmVersion) ?? "",
                    source: try item.text(.algorithmSource), parameters: try item.text(.algorithmParameters))
                if !algorithms.contains(algorithm) { algorithms.append(algorithm) }
            }
        }
        self.algorithms = algorithms
    }

    /// The provenance in words, a line for each thing.
    public var lines: [String] {
        var lines = ["written by \(Provenance.words(writer))"]
        for item in contributions {
            lines.append("\(item.purpose?.description ?? "contribution"): \(Provenance.words(item))")
        }
        for algorithm in algorithms {
            var line = "segmented by \(algorithm.name) \(algorithm.version)"
            if let source = algorithm.source { line += " from \(source)" }
            if let family = algorithm.family { line += ", \(family)" }
            if let parameters = algorithm.parameters { line += ", \(parameters)" }
            lines.append(line)
        }
        return lines
    }

    /// The lines, one below another.
    public var description: String { lines.joined(separator: "\n") }

    private static func words(_ equipment: Equipment) -> String {
        var words = "\(equipment.manufacturer) \(equipment.modelName) \(equipment.softwareVersions)"
        if let serial = equipment.serialNumber { words += ", serial number \(serial)" }
        if let uid = equipment.deviceUID { words += ", device UID \(uid)" }
        if let moment = equipment.dateTime { words += ", at \(moment)" }
        if let description = equipment.description { words += " (\(description))" }
        return words
    }
}
