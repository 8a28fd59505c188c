import Core
import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Calls the public API as any dealer's program would.
struct APIClient: Sendable {
    let base: URL
    private let session: URLSession

    static let timeoutSeconds = 30.0
    static let retries = 8
    static let connections = 16

    init(base: URL) {
        self.base = base
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = APIClient.timeoutSeconds
        configuration.httpMaximumConnectionsPerHost = APIClient.connections
        session = URLSession(configuration: configuration)
    }

    struct Answer: Sendable {
        let status: Int
        let json: JSON
    }

    /// Sends a body, again where the server is busy: the key makes a repeat harmless.
    ///
    /// - Throws: `Refused` where the server cannot be reached or stays busy.
    func post(_ path: String, _ body: JSON, key: String, idempotencyKey: String?) async throws -> Answer {
        var request = URLRequest(url: base.appendingPathComponent(path))
        request.httpMethod = "POST"
        request.httpBody = Data(body.bytes)
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        request.setValue("Bearer \(key)", forHTTPHeaderField: "Authorization")
        if let idempotencyKey { request.setValue(idempotencyKey, forHTTPHeaderField: "Idempotency-Key") }
        for attempt in 0..<APIClient.retries {
            let answer = try await send(request)
            guard answer.status == 429 || answer.status == 503 else { return answer }
            try await Task.sleep(for: .milliseconds(200 << min(attempt, 5)))
        }
        throw Refused(message: "\(base) stays busy.")
    }

    private func send(_ request: URLRequest) async throws -> Answer {
        let (data, response): (Data, URLResponse)
        do {
            (data, response) = try await session.data(for: request)
        } catch {
            throw Refused(message: "\(base) cannot be reached: \(error.localizedDescription)")
        }
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        return Answer(status: status, json: (try? JSONParser.parse(Array(data))) ?? .null)
    }
}
