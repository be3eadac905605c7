/// The schemas that MONAI has published for `configs/metadata.json`, by the names of their files.
///
/// They are restated here so that nothing is ever fetched; `schema` in a bundle is the URL of one of them.
public enum MetadataSchema: String, Sendable, CaseIterable {
    /// An `image`, perhaps a `label`, goes into the network and a `pred` comes out.
    case network20220324 = "meta_schema_20220324.json"
    /// As `network20220324`, with a `latent` on either side, and no port is required.
    case network20220729 = "meta_schema_20220729.json"
    /// Ports of any name, plain arguments too, in any number of `…_data_format`; `required_packages_version` instead
    /// of the optional ones.
    case network20240725 = "meta_schema_20240725.json"
    /// A `latent` goes into the network and a `pred` comes out.
    case generator20220718 = "meta_schema_generator_20220718.json"
    /// An autoencoder and a generator in the place of one network.
    case latentDiffusion20230507 = "meta_schema_generator_ldm_20230507.json"
    /// As `latentDiffusion20230507`, and `body_region` and `anatomy_list` go into the autoencoder with the image.
    case latentDiffusion20240318 = "meta_schema_generator_ldm_20240318.json"
    /// As `network20220324`, but the network may name its outputs as it likes.
    case hoverNet20221124 = "meta_schema_hovernet_20221124.json"

    /// What the field `schema` of a file declares.
    public enum Declared: Sendable, Hashable {
        /// A schema that Portico knows.
        case known(MetadataSchema)
        /// A schema that Portico does not know, by the name of its file.
        case unknown(String)
        /// The field is missing or no string.
        case missing
    }

    /// The name of the schema's file.
    public var fileName: String { rawValue }

    /// What a URL declares: its last path component is the schema's name.
    static func declared(in node: ConfigNode) -> Declared {
        guard let url = node.mapping?["schema"]?.text else { return .missing }
        let path = url.prefix { $0 != "?" && $0 != "#" }
        let name = path.split(separator: "/").last.map(String.init) ?? ""
        return MetadataSchema(rawValue: name).map(Declared.known) ?? .unknown(name)
    }

    /// Everything in a file that breaks the schema it declares.
    ///
    /// A file that declares none that Portico knows is held to what all seven ask for. The fields must be as the file
    /// spells them: MONAI renames one when it loads a configuration, but validates the file itself (MONAI 1.6.1
    /// bundle/scripts.py:1105-1117).
    static func violations(in node: ConfigNode) -> [MetadataViolation] {
        var violations: [MetadataViolation] = []
        let fields: MetadataRule.Fields
        switch declared(in: node) {
        case .known(let schema): fields = schema.fields
        case .missing: fields = commonFields
        case .unknown(let name):
            fields = commonFields
            violations.append(
                MetadataViolation(
                    path: "schema", expected: "the URL of a schema that Portico knows",
                    found: BundleError.quoted(name)))
        }
        MetadataRule.object(fields).check(node, at: "", into: &violations)
        return violations
    }

    /// The names of all fields that a schema describes, those of the form `…_data_format` apart.
    static let describedFields: Set<String> = Set(
        (commonFields.properties + allCases.flatMap(\.fields.properties)).map(\.name))
}
