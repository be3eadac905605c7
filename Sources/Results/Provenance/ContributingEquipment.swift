internal import DICOM

/// The Contributing Equipment Sequence (0018,A001): the source's own items, the model, the gateway.
struct ContributingEquipment {
    let context: SegmentationContext
    let dateTime: String

    init(_ context: SegmentationContext, _ dateTime: String) {
        self.context = context
        self.dateTime = dateTime
    }

    /// Appends to what was copied from the source.
    func write(into builder: DataSetBuilder) throws {
        let model = context.model
        let item = try builder.append(.contributingEquipmentSequence)
        try context.purposeOfReference.append(to: item, .purposeOfReferenceCodeSequence)
        try write(item, model.manufacturer, model.modelName, model.softwareVersion)
        try item.set(.deviceUID, model.deviceUID)
        try item.set(.contributionDateTime, dateTime)
        let words = ["Segmentation by an AI model", model.description, "digest \(model.digest)"]
        try item.set(
            .contributionDescription, text: FittedText.shortText(words.compactMap { $0 }.joined(separator: "; ")))
        let gateway = context.gateway
        let own = try builder.append(.contributingEquipmentSequence)
        try CodedConcept("109102", "DCM", "Processing Equipment").append(to: own, .purposeOfReferenceCodeSequence)
        try write(own, gateway.manufacturer, gateway.modelName, gateway.softwareVersion)
        try own.set(.deviceSerialNumber, text: FittedText.longString(gateway.serialNumber))
        try own.set(.contributionDateTime, dateTime)
        try own.set(.contributionDescription, "Gateway that ran the model and wrote this object")
    }

    private func write(
        _ item: DataSetBuilder, _ manufacturer: String, _ modelName: String, _ version: String
    ) throws {
        try item.set(.manufacturer, text: FittedText.longString(manufacturer))
        try item.set(.manufacturerModelName, text: FittedText.longString(modelName))
        try item.set(.softwareVersions, text: FittedText.longString(version))
    }
}
