import ModelBundles
import Pipelines

/// Makes sure of the type of an image (MONAI `EnsureTyped`, `CastToTyped`, `ToTensord`, `ToDeviced`).
///
/// Images are float32 in memory throughout, so it changes nothing and refuses what would: another type of the values,
/// or the loss of what the image went through.
struct EnsureType: Operator {
    static let names = [
        "EnsureTyped", "EnsureTypeD", "EnsureTypeDict", "CastToTyped", "CastToTypeD", "CastToTypeDict", "ToDeviced",
        "ToDeviceD", "ToDeviceDict", "ToTensord", "ToTensorD", "ToTensorDict",
    ]

    private let images: KeyedImages

    init(arguments: inout Arguments) throws(PipelineError) {
        images = try KeyedImages(&arguments)
        let name = arguments.component.name
        if name.hasPrefix("ToDevice") {
            arguments.ignore("device", "non_blocking")
            return
        }
        try arguments.acceptFloat32("dtype")
        guard !name.hasPrefix("CastToType") else { return }
        if name.hasPrefix("EnsureType") {
            try arguments.accept("data_type", only: "'tensor'") { value in
                if case .string(let text) = value { text.lowercased() == "tensor" } else { false }
            }
        }
        try arguments.accept("track_meta", only: "true or null") { value in
            switch value {
            case .null, .bool(true): true
            default: false
            }
        }
        // Where an array lies and how lists are wrapped concerns Python.
        arguments.ignore("device", "wrap_sequence")
    }

    func apply(_ sample: inout Sample, in context: PipelineContext) throws {
        _ = try images.present(in: sample)
    }
}
