public import Foundation

/// What `serve` tells a worker to do, as one line of JSON on the worker's standard input.
public struct JobSpecification: Codable, Sendable, Equatable {
    /// The job's number in the queue; echoed in every event.
    public var job: Int64
    /// Names (study revision, deployment): the same job always makes the same UIDs.
    public var key: String
    /// The bundle, with what the deployment lays over it.
    public var bundle: BundleReference
    /// The data directory, below which digests of weights are remembered.
    public var dataDirectory: String
    /// The name of the deployment in the configuration.
    public var deployment: String
    /// `cpu`, `cuda` or `cuda:N`.
    public var device: String
    /// What runs the network.
    public var engine: EngineChoice
    /// Threads for one operation of the network; 0 leaves the back end its own choice.
    public var threads: Int
    /// The series to read: files of one series, in no particular order.
    public var files: [String]
    /// The folder that result files are written into.
    public var output: String
    /// The moment that result objects carry: the time of the newest input file, so that a job that runs again makes the
    /// same bytes again.
    public var created: Date
    /// What result objects say beyond the model's own words.
    public var results: ResultParameters

    /// Makes a specification.
    public init(
        job: Int64, key: String, bundle: BundleReference, dataDirectory: String, deployment: String, device: String,
        engine: EngineChoice, threads: Int, files: [String], output: String, created: Date, results: ResultParameters
    ) {
        self.job = job
        self.key = key
        self.bundle = bundle
        self.dataDirectory = dataDirectory
        self.deployment = deployment
        self.device = device
        self.engine = engine
        self.threads = threads
        self.files = files
        self.output = output
        self.created = created
        self.results = results
    }
}

/// What `serve` tells a worker to stop, as one line of JSON on the worker's standard input.
struct CancelOrder: Codable, Sendable, Equatable {
    /// The number of the job that is to end at its next step.
    var cancel: Int64
}

/// What result objects say beyond the model's and the source's own words.
public struct ResultParameters: Codable, Sendable, Equatable {
    /// Code Value (0008,0100) of the purpose of reference.
    public var purposeCodeValue: String
    /// Coding Scheme Designator (0008,0102) of the purpose of reference.
    public var purposeCodeScheme: String
    /// Code Meaning (0008,0104) of the purpose of reference.
    public var purposeCodeMeaning: String
    /// Device Serial Number (0018,1000) of the gateway.
    public var serialNumber: String
    /// Series Number (0020,0011) of the result series.
    public var seriesNumber: Int

    /// Makes the parameters of a configuration's `results`, with the series number moved up by the deployment's place.
    public init(_ settings: ResultSettings, place: Int = 0) {
        purposeCodeValue = settings.purposeCode.value
        purposeCodeScheme = settings.purposeCode.scheme
        purposeCodeMeaning = settings.purposeCode.meaning
        serialNumber = settings.serialNumber
        seriesNumber = settings.seriesNumber + place
    }
}

/// What a worker says on its standard output, one line of JSON each.
public enum WorkerEvent: Codable, Sendable, Equatable {
    /// The worker is up and waits for a job.
    case ready
    /// The worker lives; said every few seconds, also while the network computes.
    case alive
    /// A stage has begun.
    case stage(job: Int64, name: String)
    /// Some windows of all are done.
    case progress(job: Int64, done: Int, of: Int)
    /// The job has ended well.
    case done(job: Int64, outcome: JobOutcome)
    /// The job has ended badly; `retriable` says whether trying again may help.
    case failed(job: Int64, reason: String, retriable: Bool)
    /// The job was ended before its end, as it was told to be.
    case cancelled(job: Int64)

    /// Whether the worker is done with a job, in any way.
    func ends(_ number: Int64) -> Bool {
        switch self {
        case .done(let job, _), .failed(let job, _, _), .cancelled(let job): job == number
        case .ready, .alive, .stage, .progress: false
        }
    }
}

/// What came of a job.
public struct JobOutcome: Codable, Sendable, Equatable {
    /// The objects to deliver; empty when nothing was found.
    public var objects: [ResultObject]
    /// What each segment holds.
    public var segments: [SegmentSummary]
    /// Seconds of each stage, in order.
    public var stages: [StageTime]
    /// Which model made it, from which images.
    public var provenance: Provenance
    /// What a person should know, such as labels that had to be rounded.
    public var notes: [String]

    /// Makes an outcome.
    public init(
        objects: [ResultObject], segments: [SegmentSummary], stages: [StageTime], provenance: Provenance,
        notes: [String] = []
    ) {
        self.objects = objects
        self.segments = segments
        self.stages = stages
        self.provenance = provenance
        self.notes = notes
    }
}

/// A DICOM object that a job made.
public struct ResultObject: Codable, Sendable, Equatable {
    /// The file.
    public var path: String
    /// SOP Class UID (0008,0016).
    public var sopClassUID: String
    /// SOP Instance UID (0008,0018), derived from the job.
    public var sopInstanceUID: String
    /// Series Instance UID (0020,000E) of the result series.
    public var seriesInstanceUID: String

    /// Makes a description of an object.
    public init(path: String, sopClassUID: String, sopInstanceUID: String, seriesInstanceUID: String) {
        self.path = path
        self.sopClassUID = sopClassUID
        self.sopInstanceUID = sopInstanceUID
        self.seriesInstanceUID = seriesInstanceUID
    }
}

/// One segment of a result.
public struct SegmentSummary: Codable, Sendable, Equatable {
    /// Segment Number (0062,0004): 1, 2, … in the order of the labels.
    public var number: Int
    /// Segment Label (0062,0005): the words of `channel_def`.
    public var label: String
    /// The number of voxels.
    public var voxels: Int
    /// Cubic millimetres divided by a thousand.
    public var millilitres: Double
    /// Slices that hold any of it.
    public var slices: Int

    /// Makes a summary.
    public init(number: Int, label: String, voxels: Int, millilitres: Double, slices: Int) {
        self.number = number
        self.label = label
        self.voxels = voxels
        self.millilitres = millilitres
        self.slices = slices
    }
}

/// How long one stage took.
public struct StageTime: Codable, Sendable, Equatable {
    /// What was done.
    public var name: String
    /// Seconds by a monotonic clock.
    public var seconds: Double

    /// Makes a time.
    public init(name: String, seconds: Double) {
        self.name = name
        self.seconds = seconds
    }
}

/// Which model made a result, with what, from what.
public struct Provenance: Codable, Sendable, Equatable {
    /// Manufacturer (0008,0070) of the model.
    public var manufacturer: String
    /// Manufacturer's Model Name (0008,1090).
    public var modelName: String
    /// Software Versions (0018,1020) of the model.
    public var softwareVersion: String
    /// Device UID (0018,1002), derived from the bundle's bytes.
    public var deviceUID: String
    /// SHA-256 over the bundle's name, version, weights and configuration, in hexadecimal.
    public var bundleDigest: String
    /// What ran the network, such as `torch 2.13.0 cpu`.
    public var engine: String
    /// How the engine was shown to give what libtorch gives; `nil` for libtorch itself.
    public var engineProof: String?
    /// The version of Portico.
    public var portico: String
    /// The source study; `nil` for NIfTI.
    public var studyInstanceUID: String?
    /// The source series; `nil` for NIfTI.
    public var seriesInstanceUID: String?
    /// The instances that the volume was made of, in the order of the slices.
    public var sourceInstances: [String]

    /// Makes a provenance.
    public init(
        manufacturer: String, modelName: String, softwareVersion: String, deviceUID: String, bundleDigest: String,
        engine: String, engineProof: String? = nil, portico: String, studyInstanceUID: String?,
        seriesInstanceUID: String?,
        sourceInstances: [String]
    ) {
        self.manufacturer = manufacturer
        self.modelName = modelName
        self.softwareVersion = softwareVersion
        self.deviceUID = deviceUID
        self.bundleDigest = bundleDigest
        self.engine = engine
        self.engineProof = engineProof
        self.portico = portico
        self.studyInstanceUID = studyInstanceUID
        self.seriesInstanceUID = seriesInstanceUID
        self.sourceInstances = sourceInstances
    }
}
