public import DICOM

/// Which model made a result: what IHE AI Results asks of every algorithm (§6.5.3.1), from the bundle's metadata.
public struct ModelIdentity: Sendable, Equatable {
    /// Who made the model.
    public var manufacturer: String

    /// The name of the model.
    public var modelName: String

    /// The version of the model.
    public var softwareVersion: String

    /// A UID that stands for exactly these weights and configurations.
    public var deviceUID: UID

    /// The name of the algorithm, where it differs from the model's.
    public var algorithmName: String

    /// The digest of the bundle, such as a SHA-256 in hexadecimal.
    public var digest: String

    /// What the model is for and what it is not for, such as `not for clinical use`; up to 1024 characters are kept.
    public var description: String?

    /// Describes a model.
    public init(
        manufacturer: String, modelName: String, softwareVersion: String, deviceUID: UID, algorithmName: String,
        digest: String, description: String? = nil
    ) {
        self.manufacturer = manufacturer
        self.modelName = modelName
        self.softwareVersion = softwareVersion
        self.deviceUID = deviceUID
        self.algorithmName = algorithmName
        self.digest = digest
        self.description = description
    }
}

/// Which gateway wrote a result: the Enhanced General Equipment (PS3.3 C.7.5.2), every value of which is required.
public struct GatewayIdentity: Sendable, Equatable {
    /// Who made the gateway.
    public var manufacturer: String

    /// The name of the gateway.
    public var modelName: String

    /// What tells this installation from others.
    public var serialNumber: String

    /// The version of the gateway.
    public var softwareVersion: String

    /// Describes a gateway.
    public init(
        manufacturer: String = "Portico", modelName: String = "Portico", serialNumber: String, softwareVersion: String
    ) {
        self.manufacturer = manufacturer
        self.modelName = modelName
        self.serialNumber = serialNumber
        self.softwareVersion = softwareVersion
    }
}
