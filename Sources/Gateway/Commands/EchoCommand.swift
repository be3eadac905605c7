import ArgumentParser
import DICOM
import Foundation

/// A peer named on the command line: a destination of the configuration, or `AETITLE@HOST:PORT`.
struct PeerOptions: ParsableArguments {
    @Argument(help: "A destination of the configuration, or AETITLE@HOST:PORT.")
    var peer: String

    @OptionGroup var configuration: ConfigurationOptions

    @Option(name: .long, help: "The calling AE title. Without it: the destination's, else PORTICO.")
    var callingAETitle: String?

    @Option(name: .long, help: "Seconds to wait for a connection and for each answer.")
    var timeout = 30.0

    /// The peer's address.
    func resolve() throws -> RemotePeer {
        guard timeout > 0, timeout < 86_400 else { throw CommandFailure("--timeout: expected seconds above 0") }
        if let spelled = try Self.parse(peer) {
            let destination = Destination(
                name: peer, aeTitle: spelled.title, host: spelled.host, port: spelled.port)
            return try destination.remotePeer(callingAETitle: callingAETitle ?? "PORTICO", timeout: timeout)
        }
        let configuration = try configuration.load()
        guard let destination = configuration.destinations[peer] else {
            let known = configuration.destinations.keys.sorted().joined(separator: ", ")
            throw CommandFailure(
                "there is no destination '\(peer)' in the configuration (known: \(known)); "
                    + "a peer can also be spelled AETITLE@HOST:PORT")
        }
        return try destination.remotePeer(
            callingAETitle: callingAETitle ?? configuration.dicom.aeTitle, timeout: timeout)
    }

    /// Takes `AETITLE@HOST:PORT` apart; `nil` where the text has no `@`.
    static func parse(_ text: String) throws -> (title: String, host: String, port: Int)? {
        guard let at = text.lastIndex(of: "@") else { return nil }
        let address = text[text.index(after: at)...]
        guard let colon = address.lastIndex(of: ":"), let port = Int(address[address.index(after: colon)...]),
            (1...65535).contains(port), colon > address.startIndex, at > text.startIndex
        else {
            throw CommandFailure("'\(text)': expected AETITLE@HOST:PORT, such as PACS@10.0.0.5:104")
        }
        let host = address[..<colon].trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        return (String(text[..<at]), host, port)
    }
}

extension Destination {
    /// The destination as the sender addresses it.
    ///
    /// - Throws: `DICOMError` where an AE title doesn't fit PS3.5 §6.2.
    func remotePeer(callingAETitle listener: String, timeout: Double) throws -> RemotePeer {
        guard let port = UInt16(exactly: port) else {
            throw CommandFailure("destination '\(name)': \(port) is no TCP port")
        }
        var peer = RemotePeer(
            host: host, port: port, calledAETitle: try AETitle(aeTitle),
            callingAETitle: try AETitle(callingAETitle ?? listener))
        peer.connectTimeout = .seconds(timeout)
        peer.negotiationTimeout = .seconds(timeout)
        peer.responseTimeout = .seconds(timeout)
        return peer
    }
}

/// `portico echo PEER`
struct EchoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "echo", abstract: "Ask a peer whether it is there (C-ECHO).")

    @OptionGroup var peer: PeerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let remote = try peer.resolve()
        let elapsed = try await StorageSender.echo(remote)
        let report = EchoReport(
            peer: peer.peer, host: remote.host, port: Int(remote.port),
            milliseconds: Double(elapsed.components.seconds) * 1000 + Double(elapsed.components.attoseconds) / 1e15)
        try Output.print(report, as: output.format)
    }
}

/// What `portico echo` prints.
struct EchoReport: Printable {
    var peer: String
    var host: String
    var port: Int
    var milliseconds: Double

    var table: String {
        "\(peer) (\(host):\(port)) answered in \(String(format: "%.1f", milliseconds)) ms"
    }
}
