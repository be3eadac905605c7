public import Foundation
public import Store

/// Everything that `portico.yaml` says, checked, with defaults filled in.
public struct Configuration: Sendable, Equatable {
    /// The one directory that holds studies, results and the database.
    public var dataDirectory: URL
    /// The listener.
    public var dicom: DICOMSettings
    /// When a study counts as complete.
    public var completion: CompletionSettings
    /// The processes that run jobs.
    public var workers: WorkerSettings
    /// How results are sent.
    public var delivery: DeliverySettings
    /// What result objects say of Portico itself.
    public var results: ResultSettings
    /// The peers that results go to, by name.
    public var destinations: [String: Destination]
    /// In the order of the file.
    public var deployments: [Deployment]

    /// Makes a configuration.
    public init(
        dataDirectory: URL, dicom: DICOMSettings = DICOMSettings(),
        completion: CompletionSettings = CompletionSettings(),
        workers: WorkerSettings = WorkerSettings(), delivery: DeliverySettings = DeliverySettings(),
        results: ResultSettings = ResultSettings(), destinations: [String: Destination] = [:],
        deployments: [Deployment] = []
    ) {
        self.dataDirectory = dataDirectory
        self.dicom = dicom
        self.completion = completion
        self.workers = workers
        self.delivery = delivery
        self.results = results
        self.destinations = destinations
        self.deployments = deployments
    }
}

/// How the listener presents itself and whom it lets in.
public struct DICOMSettings: Sendable, Equatable {
    /// The called AE title that peers must use; also the calling one when results are sent.
    public var aeTitle = "PORTICO"
    /// The address that the listener binds.
    public var host = "0.0.0.0"
    /// The TCP port; 0 takes a free one, which is printed.
    public var port = 11112
    /// Who may connect; empty refuses everybody, `acceptAnyPeer` opens the door.
    public var peers: [Peer] = []
    /// Accepts every calling AE title from every host.
    public var acceptAnyPeer = false
    /// Associations served at the same time; one more is refused with "local limit exceeded".
    public var maximumAssociations = 32
    /// The largest PDU that the listener offers to receive, in bytes.
    public var maximumPDU = 131_072
    /// Seconds of silence before and during negotiation after which a peer is dropped.
    public var negotiationTimeout = 10.0
    /// Seconds of silence on an open association after which a peer is dropped.
    public var idleTimeout = 60.0
    /// Bytes that must stay free on the disk; below it C-STORE answers A700H.
    public var minimumFreeBytes: Int64 = 2_000_000_000

    /// Makes settings with their defaults.
    public init() {}
}

/// A peer that may connect.
public struct Peer: Sendable, Equatable {
    /// The calling AE title.
    public var aeTitle: String
    /// IP addresses it may come from; empty allows any.
    public var hosts: [String]

    /// Makes a peer.
    public init(aeTitle: String, hosts: [String] = []) {
        self.aeTitle = aeTitle
        self.hosts = hosts
    }
}

/// When a study counts as complete.
public struct CompletionSettings: Sendable, Equatable {
    /// Seconds without a new object for any series of the study.
    public var studyQuiet = 30.0
    /// Seconds without a new object after which a single series counts as complete.
    public var seriesQuiet = 10.0
    /// Seconds after the first object at which a study is taken as it is.
    public var cap = 1800.0

    /// Makes settings with their defaults.
    public init() {}
}

/// The processes that run jobs.
public struct WorkerSettings: Sendable, Equatable {
    /// How many `portico worker` processes run.
    public var count = 1
    /// Threads that one worker computes with; 0 takes all cores divided by the workers.
    public var threads = 0
    /// How often a job is begun before it is failed.
    public var maximumAttempts = 3
    /// Seconds that a lease lasts without renewal.
    public var leaseDuration = 60.0
    /// How many of the workers take urgent jobs only; less than `count`.
    public var reservedForUrgent = 0
    /// How many jobs run at once on one CUDA device; jobs on a CPU are limited by `count` alone.
    public var jobsPerDevice = 1
    /// Seconds that one attempt at a job may take; `nil` sets no limit.
    public var timeLimit: Double?
    /// Bytes that one worker may allocate; `nil` sets no limit.
    public var memoryLimit: Int64?
    /// Bytes of loaded bundles that a worker keeps for its next jobs; the one used last is always kept.
    public var modelMemory: Int64 = 2_000_000_000
    /// Lets workers compute only with what the rest of the machine leaves them.
    public var lowPriority = true
    /// How many jobs of a deployment in a row may fail by losing their workers before it is suspended; 0 never does.
    public var suspendAfter = 3

    /// Makes settings with their defaults.
    public init() {}
}

/// How results are sent.
public struct DeliverySettings: Sendable, Equatable {
    /// How often a delivery that the destination refuses for good (its status or its reject says so) is tried.
    public var maximumAttempts = 3
    /// Seconds after the first attempt at which a delivery is given up that fails for want of a connection, an answer
    /// or room at the destination.
    public var giveUpAfter = 259_200.0
    /// Seconds before the second attempt; doubled at each further one.
    public var initialBackoff = 2.0
    /// Seconds that the wait never exceeds.
    public var maximumBackoff = 600.0
    /// Seconds to wait for a connection and for each answer.
    public var timeout = 30.0

    /// Makes settings with their defaults.
    public init() {}
}

/// What every result object says of Portico itself and of the purpose of the model's equipment item.
public struct ResultSettings: Sendable, Equatable {
    /// The purpose of reference of the model's Contributing Equipment item (IHE AI Results).
    public var purposeCode = PurposeCode()
    /// Device Serial Number (0018,1000) of the gateway.
    public var serialNumber = "1"
    /// Series Number (0020,0011) of the first result series; each further deployment counts up.
    public var seriesNumber = 9001

    /// Makes settings with their defaults.
    public init() {}
}

/// The coded purpose of reference of the "Processing Algorithm" item.
public struct PurposeCode: Sendable, Equatable {
    /// Code Value (0008,0100).
    public var value = "Newcode1"
    /// Coding Scheme Designator (0008,0102).
    public var scheme = "99IHE"
    /// Code Meaning (0008,0104).
    public var meaning = "Processing Algorithm"

    /// Makes the code of IHE AI Results Rev. 1.1.
    public init() {}
}

/// A peer that results are sent to.
public struct Destination: Sendable, Equatable {
    /// The name that deployments and commands use.
    public var name: String
    /// The called AE title.
    public var aeTitle: String
    /// An IP address or a host name.
    public var host: String
    /// The TCP port.
    public var port: Int
    /// The calling AE title; `nil` takes the listener's.
    public var callingAETitle: String?

    /// Makes a destination.
    public init(name: String, aeTitle: String, host: String, port: Int, callingAETitle: String? = nil) {
        self.name = name
        self.aeTitle = aeTitle
        self.host = host
        self.port = port
        self.callingAETitle = callingAETitle
    }
}

/// A bundle in use: what it runs on and where its results go.
public struct Deployment: Sendable, Equatable {
    /// Names the deployment in jobs, logs and explanations; unique.
    public var name: String
    /// The bundle, with the site's overlays and settings.
    public var bundle: BundleReference
    /// Which series it takes.
    public var rules: MatchingRules
    /// Names of destinations, in order.
    public var destinations: [String]
    /// `cpu`, `cuda` or `cuda:N`.
    public var device: String
    /// What runs the network.
    public var engine: EngineChoice
    /// What its jobs run before, unless somebody says otherwise of one.
    public var priority: JobPriority

    /// Makes a deployment.
    public init(
        name: String, bundle: BundleReference, rules: MatchingRules, destinations: [String], device: String = "cpu",
        engine: EngineChoice = .auto,
        priority: JobPriority = .routine
    ) {
        self.name = name
        self.bundle = bundle
        self.rules = rules
        self.destinations = destinations
        self.device = device
        self.engine = engine
        self.priority = priority
    }
}

/// Which series a deployment takes: the first form of the rule language.
public struct MatchingRules: Sendable, Equatable {
    /// Modality (0008,0060), such as `CT`.
    public var modality: String
    /// The least number of slices.
    public var minimumSlices: Int

    /// Makes rules.
    public init(modality: String, minimumSlices: Int) {
        self.modality = modality
        self.minimumSlices = minimumSlices
    }
}
