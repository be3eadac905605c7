public import Foundation

/// A client for the REST interfaces of peers on this machine: one request a connection.
public enum HTTP {
    /// What a server answered.
    public struct Response: Sendable {
        /// The status, such as 200.
        public let status: Int
        /// The body.
        public let body: Data
    }

    /// Asks a server.
    ///
    /// - Throws: `SupportError` where it can't be reached or speaks no HTTP.
    public static func request(
        _ method: String, port: Int, path: String, body: Data = Data(), patience: Duration = .seconds(120)
    ) async throws -> Response {
        // HTTP/1.0: the answer comes in one piece, and the end of the connection ends it.
        let head = """
            \(method) \(path) HTTP/1.0\r
            Host: 127.0.0.1\r
            Content-Type: application/json\r
            Content-Length: \(body.count)\r
            Connection: close\r
            \r

            """
        return try await onThread {
            let socket = try RawSocket(port: port, patience: patience)
            try socket.send(Data(head.utf8) + body)
            var answer = Data()
            while true {
                let part = try socket.receive()
                if part.isEmpty { break }
                answer += part
            }
            return try parse(answer, request: "\(method) \(path)")
        }
    }

    private static func parse(_ answer: Data, request: String) throws -> Response {
        guard let split = answer.range(of: Data("\r\n\r\n".utf8)) else {
            let start = String(decoding: answer.prefix(200), as: UTF8.self)
            throw SupportError("\(request): the answer is no HTTP: \(start)")
        }
        let head = String(decoding: answer[..<split.lowerBound], as: UTF8.self)
        let words = head.split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[0].hasPrefix("HTTP/"), let status = Int(words[1]) else {
            throw SupportError("\(request): the answer is no HTTP: \(head.prefix(200))")
        }
        return Response(status: status, body: Data(answer[split.upperBound...]))
    }
}
