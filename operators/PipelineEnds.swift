public import Pipelines

/// What a pipeline begins and ends with, for those who look at a bundle before it runs.
extension Pipeline {
    /// Whether anything is saved: without it a run leaves no result.
    public var savesImages: Bool { steps.contains { $0.operator is SaveImage } }

    /// Whether the channel axis of a loaded image is moved or made; without it channels are several files.
    public var placesChannels: Bool { steps.contains { $0.operator is EnsureChannelFirst } }
}
