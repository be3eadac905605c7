/// What expressions may know of the machine.
public struct EvaluationContext: Sendable {
    /// What `torch.cuda.is_available()` says.
    public var cudaIsAvailable: Bool

    /// Makes a context; without arguments CUDA counts as absent.
    public init(cudaIsAvailable: Bool = false) { self.cudaIsAvailable = cudaIsAvailable }
}
