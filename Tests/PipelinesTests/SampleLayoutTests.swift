import ModelBundles
import Pipelines
import Testing

@Suite("The layout of a sample")
struct SampleLayoutTests {
    /// An operator that does not say what it does.
    private struct Silent: Operator {
        static let names: OperatorNames = ["Silent"]
        init() {}
        init(arguments: inout Arguments) throws(PipelineError) {}
        func apply(_ sample: inout Sample, in context: PipelineContext) throws {}
    }

    private static let error = PipelineError(.unfitImage, "here: three axes")

    @Test("a step is refused where no layout goes through, and nothing is known of the image any more")
    func ways() {
        var sample = SampleLayout()
        sample.put([.plain(rank: 3), .channelsLast(rank: 3)], under: "image")
        sample.update("image") { (image) throws(PipelineError) in if image.axes == 3 { throw Self.error } }
        #expect(sample.problems.isEmpty && sample.layouts(of: "image") == [.channelsLast(rank: 3)])
        sample.update("image") { (_) throws(PipelineError) in throw PipelineError(.unfitImage, "later: four axes") }
        // What the usual layout met first is what a person looks for.
        #expect(sample.problems == [Self.error] && sample.layouts(of: "image") == [ImageLayout()])
    }

    @Test("behind an operator that does not say what it does, nothing is known and nothing is told")
    func silent() {
        var sample = SampleLayout()
        sample.put([.stacked(4, rank: 3)], under: "image")
        #expect(sample.layouts(of: "image") == [ImageLayout(axes: 4, channels: 4, channelAxis: 0)])
        Silent().follow(&sample)
        #expect(sample.isOpen && sample.contains("image") && sample.layouts(of: "image") == [ImageLayout()])
    }

    @Test("images and dictionaries are taken out, and put under another key as well")
    func keys() {
        var sample = SampleLayout()
        sample.put([.plain(rank: 2)], under: "a")
        sample.groups["ab"] = ["x"]
        sample.copy("a", to: "b")
        sample.remove { $0.hasPrefix("a") }
        #expect(sample.keys == ["b"] && sample.groups.isEmpty && sample.layouts(of: "b") == [.plain(rank: 2)])
        sample.update("a") { (_) throws(PipelineError) in throw Self.error }
        #expect(sample.problems.isEmpty)
    }
}
