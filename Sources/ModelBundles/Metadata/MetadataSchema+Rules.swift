extension MetadataSchema {
    /// What all seven ask for.
    static let commonFields = MetadataRule.Fields(
        required: [
            "schema", "version", "monai_version", "pytorch_version", "numpy_version", "task", "description", "authors",
            "copyright",
        ],
        properties: [
            "schema", "version", "monai_version", "pytorch_version", "numpy_version", "task", "description", "authors",
            "copyright", "data_source", "data_type", "image_classes", "label_classes", "pred_classes", "intended_use",
        ].map { ($0, .string) } + [
            ("changelog", .anyObject), ("eval_metrics", .anyObject), ("references", .array(of: nil)),
        ])

    /// The rules for the whole file.
    var fields: MetadataRule.Fields {
        switch self {
        case .network20220324:
            draft4([
                "network_data_format": Self.format(
                    inputs: Self.ports(["image", "label"], required: ["image"]),
                    outputs: Self.ports(["pred"], required: ["pred"]))
            ])
        case .network20220729:
            draft4([
                "network_data_format": Self.format(
                    inputs: Self.ports(["image", "label", "latent"]), outputs: Self.ports(["pred", "latent"]))
            ])
        case .network20240725: Self.anyNetworks
        case .generator20220718: draft4(["network_data_format": Self.generator(conditions: [])])
        case .latentDiffusion20230507:
            draft4([
                "autoencoder_data_format": Self.format(
                    inputs: Self.ports(["image"], required: ["image"]),
                    outputs: Self.ports(["pred"], required: ["pred"])),
                "generator_data_format": Self.generator(conditions: ["condition"]),
            ])
        case .latentDiffusion20240318:
            draft4([
                "autoencoder_data_format": Self.format(
                    inputs: Self.ports(["image"], required: ["image"], choices: ["body_region", "anatomy_list"]),
                    outputs: Self.ports(["pred"], required: ["pred"])),
                "generator_data_format": Self.generator(conditions: ["condition"]),
            ])
        case .hoverNet20221124:
            draft4([
                "network_data_format": Self.format(
                    inputs: Self.ports(["image", "label"], required: ["image"]), outputs: Self.ports(["pred"]))
            ])
        }
    }

    /// The fields of the six schemas in draft-04: what they share, and the formats of their networks, all required.
    private func draft4(_ formats: KeyValuePairs<String, MetadataRule>) -> MetadataRule.Fields {
        var fields = Self.commonFields
        fields.required += ["optional_packages_version"] + formats.map(\.key)
        fields.properties += [("optional_packages_version", .anyObject)] + formats.map { ($0.key, $0.value) }
        return fields
    }

    /// The fields of the one schema in draft 2019-09.
    private static let anyNetworks: MetadataRule.Fields = {
        let argument = MetadataRule.anyOf([
            .number, .string, .boolean,
            tensor(shape: .anyOf([.string, .integer(orWholeNumber: true)]), orWholeNumber: true),
        ])
        let arguments = MetadataRule.object(.init(pattern: (.anyText, argument)))
        var fields = commonFields
        fields.required += ["required_packages_version", "network_data_format"]
        fields.properties.removeAll { $0.name == "references" }
        fields.properties += [
            ("references", .array(of: .string)), ("required_packages_version", .anyObject),
            ("supported_apps", .anyObject),
        ]
        // `network_data_format` is of this form, too.
        fields.pattern = (
            .dataFormat,
            .object(
                .init(
                    required: ["inputs", "outputs"],
                    properties: [
                        ("inputs", arguments), ("outputs", arguments), ("post_processed_outputs", arguments),
                    ]))
        )
        return fields
    }()

    private static func generator(conditions: [String]) -> MetadataRule {
        format(
            inputs: ports(["latent"] + conditions, required: ["latent"]), outputs: ports(["pred"], required: ["pred"]))
    }

    private static func format(inputs: MetadataRule, outputs: MetadataRule) -> MetadataRule {
        .object(.init(required: ["inputs", "outputs"], properties: [("inputs", inputs), ("outputs", outputs)]))
    }

    /// The sides of a network in draft-04; choices are required ports that take one of several texts.
    private static func ports(
        _ tensors: [String], required: [String] = [], choices: [String] = []
    ) -> MetadataRule {
        let tensor = tensor(shape: nil, orWholeNumber: false)
        return .object(
            .init(
                required: required + choices,
                properties: tensors.map { ($0, tensor) } + choices.map { ($0, choice) }))
    }

    private static let choice = MetadataRule.object(
        .init(
            required: ["type", "value_range"],
            properties: [("type", .string), ("value_range", .array(of: .string))]))

    private static func tensor(shape: MetadataRule?, orWholeNumber: Bool) -> MetadataRule {
        .object(
            .init(
                required: ["type", "format", "num_channels", "spatial_shape", "dtype", "value_range"],
                properties: [
                    ("type", .string), ("format", .string), ("num_channels", .integer(orWholeNumber: orWholeNumber)),
                    ("spatial_shape", .array(of: shape)), ("dtype", .string), ("value_range", .array(of: .number)),
                    ("is_patch_data", .boolean), ("channel_def", .anyObject),
                ]))
    }
}
