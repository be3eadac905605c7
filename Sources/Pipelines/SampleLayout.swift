/// A sample before there is one: what the steps of a pipeline will find under which key.
///
/// Operators that follow it tell what no image could make right, such as a key that no step before made, or a size with
/// another number of axes. What cannot be known is let pass, so nothing is told that an image could prove wrong: an image
/// may come in several layouts, and a step is refused where none of them goes through.
public struct SampleLayout: Sendable {
    /// One of the layouts that an image may have, and what ends it.
    private struct Way: Sendable {
        var layout: ImageLayout
        var failure: PipelineError?
    }

    /// What `LoadImage` finds under a key: every layout that it may have, the usual one first.
    public var sources: [String: [ImageLayout]] = [:]

    /// The names in each dictionary of images.
    public var groups: [String: [String]] = [:]

    /// The key of the image that array transforms work on.
    public var arrayKey: String

    /// Keys that operators pass over where there is nothing, as in `Sample`.
    public var absentKeys: Set<String> = []

    /// Whether there may be images and dictionaries that nothing is known of.
    public private(set) var isOpen = false

    /// What no image could make right, in the order of the steps.
    public private(set) var problems: [PipelineError] = []

    private var images: [String: [Way]] = [:]

    /// Makes a sample without images.
    public init(arrayKey: String = "image") {
        self.arrayKey = arrayKey
    }

    /// The keys of the images that are known, in alphabetical order.
    public var keys: [String] { images.keys.sorted() }

    /// Whether an image is known under a key.
    public func contains(_ key: String) -> Bool { images[key] != nil }

    /// The layouts that an image may have; none where nothing is known under the key.
    public func layouts(of key: String) -> [ImageLayout] {
        (images[key] ?? []).filter { $0.failure == nil }.map(\.layout)
    }

    /// Puts an image under a key.
    ///
    /// - Parameter layouts: those that it may have, the usual one first; there is at least one.
    public mutating func put(_ layouts: [ImageLayout], under key: String) {
        images[key] = layouts.map { Way(layout: $0) }
    }

    /// Puts what is under a key under another one as well.
    public mutating func copy(_ key: String, to other: String) { images[other] = images[key] }

    /// Takes out the images and dictionaries whose keys are chosen.
    public mutating func remove(where isChosen: (String) -> Bool) {
        images = images.filter { !isChosen($0.key) }
        groups = groups.filter { !isChosen($0.key) }
    }

    /// Changes each layout that the image of a key may have; where there is none, nothing happens.
    ///
    /// - Parameter change: throws where an image of that layout is refused. Where all are, the error of the usual one is
    ///   told, and nothing is known of the image any more.
    public mutating func update(
        _ key: String, _ change: (inout ImageLayout) throws(PipelineError) -> Void
    ) {
        guard var ways = images[key] else { return }
        for index in ways.indices where ways[index].failure == nil {
            do throws(PipelineError) { try change(&ways[index].layout) } catch { ways[index].failure = error }
        }
        if ways.allSatisfy({ $0.failure != nil }) {
            problems += ways.prefix(1).compactMap(\.failure)
            ways = [Way(layout: ImageLayout())]
        }
        images[key] = ways
    }

    /// Tells what no image could make right.
    public mutating func refuse(_ problem: PipelineError) { problems.append(problem) }

    /// Nothing is known any more, as behind an operator that does not say what it does.
    public mutating func forget() {
        images = images.mapValues { _ in [Way(layout: ImageLayout())] }
        isOpen = true
    }
}
