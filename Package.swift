// swift-tools-version: 6.2
import PackageDescription

// The libraries of PyPI's `torch` and `openvino` that `deploy/setup` puts beside this file; the back ends and the
// converter alone link them.
let torch = Context.packageDirectory + "/.deps/torch"
let openVINO = Context.packageDirectory + "/.deps/openvino"

// Tests/Fuzz/run.sh sets this: libFuzzer's executables are there, and what they drive reports its coverage to it.
let fuzzing = Context.environment["PORTICO_FUZZ"] == "1"
let fuzzed: [SwiftSetting] = fuzzing ? [.unsafeFlags(["-sanitize=fuzzer", "-enable-testing"])] : []

// CI sets this: a warning of our own code, unlike one of a dependency, ends the build there.
let warningsAreErrors = Context.environment["PORTICO_WARNINGS_AS_ERRORS"] == "1"

let strict: [SwiftSetting] =
    [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ] + (warningsAreErrors ? [.treatAllWarnings(as: .error)] : [])
let strictC: [CSetting] = warningsAreErrors ? [.treatAllWarnings(as: .error)] : []
let strictCXX: [CXXSetting] = warningsAreErrors ? [.treatAllWarnings(as: .error)] : []
// Voxel loops are 80 times slower without optimisation, so these modules are optimised in debug builds too.
let numeric: [SwiftSetting] = strict + [.unsafeFlags(["-O"], .when(configuration: .debug))]

let optimisedC: [CSetting] =
    [.unsafeFlags(["-O2"], .when(configuration: .debug))]
    + (warningsAreErrors ? [.treatAllWarnings(as: .error)] : [])

/// An executable of libFuzzer, which has the `main`; `main.c` calls the harness's function.
func fuzzer(_ name: String) -> Target {
    .executableTarget(
        name: name, dependencies: ["FuzzHarness"], path: "Tests/Fuzz/" + name,
        linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])])
}

let torchHeaders = [torch + "/include", torch + "/include/torch/csrc/api/include"]
let openVINOHeaders = [openVINO + "/include"]

/// Settings of a library that is loaded by path: it exports what it says, and the engines' headers are the engines'.
func engineSettings(headers: [String]) -> [CXXSetting] {
    strictCXX + [.unsafeFlags(["-fvisibility=hidden"] + headers.flatMap { ["-isystem", $0] })]
}

/// How such a library links. An installed one has the engines beside it; a built one finds what `deploy/setup` made.
///
/// OpenVINO's libraries name no folder for the ones that they need themselves; DT_RPATH, unlike DT_RUNPATH, counts for
/// those too.
func engineLinking(torch linksTorch: Bool = false, openVINO linksOpenVINO: Bool = false) -> [LinkerSetting] {
    let engines = (linksTorch ? [("torch", torch)] : []) + (linksOpenVINO ? [("openvino", openVINO)] : [])
    let folders = engines.map { "$ORIGIN/\($0.0)/lib" } + engines.map { $0.1 + "/lib" }
    let libraries =
        (linksTorch ? ["torch_cpu", "c10"] : []) + (linksOpenVINO ? ["openvino"] : [])
        + (linksTorch && linksOpenVINO ? ["openvino_pytorch_frontend"] : [])
    return [
        .unsafeFlags(
            folders.flatMap { ["-Xlinker", "-rpath", "-Xlinker", $0] }
                + (linksOpenVINO ? ["-Xlinker", "--disable-new-dtags"] : []) + ["-static-stdlib"]
                + engines.map { "-L" + $0.1 + "/lib" })
    ] + libraries.map { .linkedLibrary($0) }
}

/// A test target that mirrors a module of the same name.
func tests(_ module: String, _ others: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .testTarget(
        name: module + "Tests",
        dependencies: [.target(name: module), "TestSupport"] + others,
        exclude: exclude,
        swiftSettings: strict)
}

// Tests/Benchmarks/operators.sh and engines.sh set this: what they measure with is there.
let benchmarks: [Target] =
    Context.environment["PORTICO_BENCHMARKS"] == "1"
    ? [
        .executableTarget(
            name: "OperatorBenchmark", dependencies: ["ModelBundles", "Operators", "Pipelines", "Voxels"],
            path: "Tests/Benchmarks/Operators", swiftSettings: strict),
        .executableTarget(
            name: "EngineBenchmark", dependencies: ["Inference", "Voxels"], path: "Tests/Benchmarks/Engines",
            swiftSettings: strict),
    ] : []

let package = Package(
    name: "portico",
    products: [
        .executable(name: "portico", targets: ["portico"]),
        .library(name: "PorticoTorch", type: .dynamic, targets: ["CTorchBackend"]),
        .library(name: "PorticoOpenVINO", type: .dynamic, targets: ["COpenVINOBackend"]),
        .library(name: "PorticoConversion", type: .dynamic, targets: ["CConversion"]),
        // Built for the tests only; deploy/install leaves it out.
        .library(name: "PorticoFaulty", type: .dynamic, targets: ["CFaultyBackEnd"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // Borders to C and C++.
        .target(
            name: "CDCMTK",
            dependencies: ["CCharLS", "COpenJPEG"],
            cxxSettings: strictCXX,
            linkerSettings: ["dcmnet", "dcmjpeg", "dcmimgle", "dcmdata", "oflog", "ofstd"]
                .map { .linkedLibrary($0) }),
        .target(name: "InferenceABI"),
        .target(
            name: "CInferenceSupport", dependencies: ["InferenceABI"],
            cxxSettings: strictCXX + [.unsafeFlags(["-fvisibility=hidden"])]),
        .target(
            name: "CTorchBackend", dependencies: ["CInferenceSupport", "InferenceABI"],
            cxxSettings: engineSettings(headers: torchHeaders), linkerSettings: engineLinking(torch: true)),
        .target(
            name: "COpenVINOBackend", dependencies: ["CInferenceSupport", "InferenceABI"],
            cxxSettings: engineSettings(headers: openVINOHeaders), linkerSettings: engineLinking(openVINO: true)),
        .target(
            name: "CConversion", dependencies: ["CInferenceSupport", "InferenceABI"],
            cxxSettings: engineSettings(headers: torchHeaders + openVINOHeaders),
            linkerSettings: engineLinking(torch: true, openVINO: true)),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CCharLS", pkgConfig: "charls", providers: [.apt(["libcharls-dev"])]),
        .systemLibrary(name: "COpenJPEG", pkgConfig: "libopenjp2", providers: [.apt(["libopenjp2-7-dev"])]),
        .systemLibrary(name: "CCairo", pkgConfig: "cairo", providers: [.apt(["libcairo2-dev"])]),
        .target(
            name: "CPixelCodecs", cSettings: strictC, linkerSettings: [.linkedLibrary("png"), .linkedLibrary("jpeg")]),

        // Arrays and files; no DICOM.
        .target(name: "CVoxels", cSettings: optimisedC),
        .target(name: "Voxels", dependencies: ["CVoxels"], swiftSettings: numeric),
        .target(
            name: "ImageFiles", dependencies: ["Voxels", "CZlib", "CCairo", "CPixelCodecs"], swiftSettings: numeric),
        .target(
            name: "ModelBundles",
            dependencies: ["CZlib", .product(name: "Crypto", package: "swift-crypto"), "Yams"],
            swiftSettings: strict + fuzzed),

        // DICOM and inference.
        .target(name: "DICOM", dependencies: ["CDCMTK", "Voxels"], swiftSettings: numeric),
        .target(name: "Inference", dependencies: ["InferenceABI", "Voxels"], swiftSettings: numeric),

        // What a bundle asks for, and what comes of it.
        .target(name: "Pipelines", dependencies: ["Inference", "ModelBundles", "Voxels"], swiftSettings: strict),
        .target(
            name: "Operators",
            dependencies: ["Pipelines", "ModelBundles", "Voxels", "Inference"],
            path: "operators", exclude: ["README.md"], swiftSettings: numeric),
        .target(
            name: "Results",
            dependencies: ["DICOM", "Voxels", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: numeric),
        .target(
            name: "Store",
            dependencies: [.product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: strict),

        // The services wired together, and the command line.
        .target(
            name: "Gateway",
            dependencies: [
                "DICOM", "ImageFiles", "Inference", "ModelBundles", "Operators", "Pipelines", "Results", "Store",
                "Voxels", "Yams",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "portico",
            dependencies: ["Gateway", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            swiftSettings: strict),

        // Tests.
        .target(name: "TestSupport", path: "Tests/Support", swiftSettings: strict),
        .target(
            name: "CFaultyBackEnd", dependencies: ["InferenceABI"], path: "Tests/FaultyBackEnd", cSettings: strictC),
        tests("Voxels", ["CVoxels"]),
        tests("ImageFiles", ["Voxels"], exclude: ["Scripts"]),
        .target(
            name: "FuzzHarness", dependencies: ["ModelBundles"], path: "Tests/Fuzz/Harness", swiftSettings: strict),
        tests("ModelBundles", ["CZlib", "FuzzHarness"]),
        tests("DICOM", ["Voxels"], exclude: ["Scripts"]),
        tests("Inference", ["ImageFiles", "Voxels"], exclude: ["Golden", "make_golden.py", "make_networks.py"]),
        tests("Pipelines", ["ModelBundles", "Voxels"]),
        tests(
            "Operators", ["ImageFiles", "ModelBundles", "Pipelines", "Voxels"],
            exclude: ["Cases", "Golden", "make_cases.py", "make_golden.py"]),
        tests("Results", ["DICOM", "Voxels"], exclude: ["Scripts"]),
        tests("Store", [.product(name: "GRDB", package: "GRDB.swift")]),
        tests(
            "Gateway",
            [
                "DICOM", "ImageFiles", "Inference", "ModelBundles", "Operators", "Pipelines", "Results", "Store",
                "Voxels",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),
        .testTarget(
            name: "EndToEndTests", dependencies: ["TestSupport", "portico"], exclude: ["Scripts"],
            swiftSettings: strict),
    ] + (fuzzing ? ["FuzzExpression", "FuzzConfiguration", "FuzzArchive"].map(fuzzer) : []) + benchmarks,
    cLanguageStandard: .c17,
    cxxLanguageStandard: .cxx17
)
