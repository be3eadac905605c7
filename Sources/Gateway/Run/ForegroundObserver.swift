import Foundation
import Pipelines

/// Shows how a run goes on and keeps its stages.
final class ForegroundObserver: RunObserver {
    let recorder: StageRecorder?
    var wantsStages: Bool { recorder != nil }
    private let isTerminal: Bool
    private var text: ProgressText
    private var isLineOpen = false

    /// - Parameter isTerminal: standard error is one: a line is drawn over and over there.
    init(recorder: StageRecorder?, isTerminal: Bool) {
        self.recorder = recorder
        self.isTerminal = isTerminal
        text = ProgressText(isTerminal: isTerminal)
    }

    func begin(_ stage: String) {
        show(text.begin(stage, at: Monotonic.now))
    }

    func progress(done: Int, of total: Int) {
        if let line = text.advance(to: done, of: total, at: Monotonic.now) { show(line) }
    }

    func finished(_ stage: Stage) throws {
        try recorder?.record(
            id: stage.operatorID, name: stage.name, seconds: stage.duration.seconds, sample: stage.sample)
    }

    func inferred(_ sample: Sample, key: String) throws {
        guard let image = sample.images[key] else { return }
        try recorder?.record(id: "inferer", name: "inferer", seconds: 0, sample: Sample(images: [key: image]))
    }

    /// Clears the progress line.
    func end() {
        if isLineOpen { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
        isLineOpen = false
    }

    private func show(_ line: String) {
        FileHandle.standardError.write(Data((isTerminal ? "\r\u{1B}[K\(line)" : "\(line)\n").utf8))
        isLineOpen = isTerminal
    }
}
