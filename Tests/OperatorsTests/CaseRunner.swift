import ModelBundles
import Operators
import Pipelines
import TestSupport
import Voxels

/// Runs the cases of a book and lays the results beside MONAI's.
struct CaseRunner {
    /// How a case went.
    enum Outcome: Equatable {
        /// Every value is MONAI's.
        case equal
        /// The largest difference as a part of the largest expected magnitude, within the bar.
        case near(Double)
        /// The configuration or the image was refused, with these words; MONAI takes it.
        case refused(String)
        /// MONAI refuses it.
        case accepted
        /// What is not as it should be.
        case differs(String)
    }

    let book: CaseBook

    func run(_ one: CaseBook.Case) throws -> Outcome {
        let context = PipelineContext(source: NoImages())
        var sample = Sample()
        for (key, given) in one.images {
            if let group = given.group {
                sample.groups[key] = try group.mapValues { try book.image($0) }
            } else {
                sample.images[key] = try book.image(given)
            }
        }
        let builder = PipelineBuilder(catalog: Catalog.operators)
        let configuration: BundleConfiguration
        do {
            configuration = try BundleConfiguration(parsing: one.configuration, named: "case.json")
            try builder.pipeline(try configuration.resolve("preprocessing"), at: "preprocessing")
                .apply(&sample, in: context)
        } catch let error as PipelineError where error.code == .unknownOperator {
            return .differs("\(error)")
        } catch {
            return one.error == nil ? .refused("\(error)") : .equal
        }
        guard let expected = one.expected else { return .accepted }
        if let problem = try followed(one, configuration, builder, to: sample) { return .differs(problem) }
        let forwards = try compare(sample, with: expected, bar: one.bar)
        guard let inverse = one.inverse, forwards.isGood else { return forwards }
        do {
            let pipeline = try builder.pipeline(try configuration.resolve("postprocessing"), at: "postprocessing")
            try Self.prepare(&sample, for: inverse, isArray: one.form == "array")
            try pipeline.apply(&sample, in: context)
        } catch {
            return inverse.error == true ? forwards : .refused("inverse: \(error)")
        }
        guard let wanted = inverse.expected else { return .accepted }
        guard let back = sample.images[one.form == "array" ? "image" : "pred"] else {
            return .differs("inverse: there is no result")
        }
        return forwards.joined(try compare(back, with: wanted, bar: one.bar).named("inverse"))
    }

    /// What `follow` says otherwise than what `apply` did; nil where both agree.
    private func followed(
        _ one: CaseBook.Case, _ configuration: BundleConfiguration, _ builder: PipelineBuilder, to sample: Sample
    ) throws -> String? {
        var layout = SampleLayout()
        for (key, given) in one.images {
            if let group = given.group {
                layout.groups[key] = group.keys.sorted()
            } else {
                let image = try book.image(given)
                layout.put([ImageLayout(image)], under: key)
            }
        }
        try builder.pipeline(try configuration.resolve("preprocessing"), at: "preprocessing").follow(&layout)
        guard layout.problems.isEmpty, !layout.isOpen else {
            return "followed: \(layout.problems), open \(layout.isOpen)"
        }
        guard layout.keys == sample.images.keys.sorted(), layout.groups.keys.sorted() == sample.groups.keys.sorted()
        else {
            return "followed: the keys are \(layout.keys) and \(layout.groups.keys.sorted())"
        }
        for (key, image) in sample.images {
            guard let found = layout.layouts(of: key).first else { return "followed: '\(key)' has no layout" }
            let real = ImageLayout(image)
            guard found.axes ?? real.axes == real.axes, found.channels ?? real.channels == real.channels else {
                return "followed: '\(key)' is \(found), not \(real)"
            }
        }
        return nil
    }

    /// Puts what is to be inverted where `make_cases.py` put it: the result or its negative, in the array form with its
    /// trace.
    private static func prepare(_ sample: inout Sample, for inverse: CaseBook.Inverse, isArray: Bool) throws {
        guard var image = sample.images["image"] else { throw SupportError("the image is gone") }
        if inverse.pred == "negated" { image.tensor.elements = .init(image.tensor.elements.map { -$0 }) }
        if !isArray { image.trace = [] }
        sample.images[isArray ? "image" : "pred"] = image
    }

    private func compare(
        _ sample: Sample, with expected: [String: CaseBook.Expected], bar: CaseBook.Bar
    ) throws -> Outcome {
        let names = expected.filter { $0.value.group == nil }.keys.sorted()
        guard sample.images.keys.sorted() == names else {
            return .differs("the images are \(sample.images.keys.sorted()), not \(names)")
        }
        let groups = expected.filter { $0.value.group != nil }.keys.sorted()
        guard sample.groups.keys.sorted() == groups else {
            return .differs("the groups are \(sample.groups.keys.sorted()), not \(groups)")
        }
        var outcome = Outcome.equal
        for (key, wanted) in expected.sorted(by: { $0.key < $1.key }) {
            if let group = wanted.group {
                let inner = Sample(images: sample.groups[key] ?? [:])
                outcome = outcome.joined(try compare(inner, with: group, bar: bar).named(key))
            } else if let image = sample.images[key] {
                outcome = outcome.joined(try compare(image, with: wanted, bar: bar).named(key))
            }
        }
        return outcome
    }

    private func compare(
        _ image: ModelImage, with wanted: CaseBook.Expected, bar: CaseBook.Bar
    ) throws -> Outcome {
        guard let slice = wanted.array else { throw SupportError("an expected image has no array") }
        guard image.tensor.shape == slice.shape else {
            return .differs("the shape is \(image.tensor.shape), not \(slice.shape)")
        }
        guard image.elementType.rawValue == wanted.dtype else {
            return .differs("the values are \(image.elementType.rawValue), not \(wanted.dtype ?? "")")
        }
        if let index = wanted.affine {
            let distance = Self.distance(image.affine, book.matrix(index))
            guard distance <= 1e-12 else { return .differs("the affine is off by \(distance)") }
        }
        let stride = wanted.stride ?? 1
        let values = try book.values(slice, stride: stride).map { Float($0) }
        let found =
            stride == 1
            ? Array(image.tensor.elements)
            : Swift.stride(
                from: 0, to: image.tensor.count, by: stride
            ).map { image.tensor.elements[$0] }
        return Self.compare(found, with: values, bar: bar)
    }

    private static func compare(_ found: [Float], with wanted: [Float], bar: CaseBook.Bar) -> Outcome {
        let pairs = zip(found, wanted).filter { $0 != $1 && !($0.isNaN && $1.isNaN) }
        guard !pairs.isEmpty else { return .equal }
        let largest = wanted.lazy.filter(\.isFinite).map(\.magnitude).max() ?? 0
        let worst =
            pairs.map { pair in
                let difference = (Double(pair.0) - Double(pair.1)).magnitude
                return difference.isFinite ? difference / Double(largest) : .infinity
            }.max() ?? 0
        if bar == .near && worst <= 1e-6 { return .near(worst) }
        return .differs("\(pairs.count) of \(wanted.count) values differ, by up to \(worst) of the largest")
    }

    /// The largest difference of two affines as a part of the second one's largest entry; one of 3 × 3 is about X and Y.
    private static func distance(_ affine: Affine, _ wanted: [[Double]]) -> Double {
        let axes = wanted.count == 4 ? [0, 1, 2, 3] : [0, 1, 3]
        var (difference, largest) = (0.0, 0.0)
        for (row, line) in zip(axes, wanted) {
            for (column, value) in zip(axes, line) {
                difference = max(difference, (affine[row, column] - value).magnitude)
                largest = max(largest, value.magnitude)
            }
        }
        return difference.isNaN ? .infinity : difference / largest
    }
}

extension ImageLayout {
    /// The layout of an image.
    init(_ image: ModelImage) {
        self.init(
            axes: image.tensor.shape.count, channels: image.tensor.shape.first, channelAxis: image.source.channelAxis)
    }
}

extension CaseRunner.Outcome {
    /// Whether it is what it should be.
    var isGood: Bool {
        switch self {
        case .equal, .near: true
        case .refused, .accepted, .differs: false
        }
    }

    /// The worse of two.
    func joined(_ other: Self) -> Self {
        switch (self, other) {
        case (.equal, _): other
        case (.near(let a), .near(let b)): .near(max(a, b))
        case (.near, .equal): self
        case (.near, _): other
        default: self
        }
    }

    /// The same with a word before what differs.
    func named(_ name: String) -> Self {
        if case .differs(let reason) = self { .differs("\(name): \(reason)") } else { self }
    }
}
