import Foundation
import Pipelines

/// Shows how a run goes on and keeps its stages.
final class ForegroundObserver: RunObserver {
    let recorder: StageRecorder?
    private let showsProgress: Bool
    private var isLineOpen = false

    init(recorder: StageRecorder?, showsProgress: Bool) {
        self.recorder = recorder
        self.showsProgress = showsProgress
    }

    func begin(_ stage: String) {
        show(stage)
    }

    func progress(done: Int, of total: Int) {
        show("inference: window \(done) of \(total)")
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

    private func show(_ text: String) {
        guard showsProgress else { return }
        FileHandle.standardError.write(Data("\r\u{1B}[K\(text)".utf8))
        isLineOpen = true
    }
}
