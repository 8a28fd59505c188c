import Core
import Foundation
import Support
import Testing

/// A real process that is killed again and again between an append and its delivery.
///
/// The oracle: every entry that was acknowledged reaches the receiver, in order and without a gap, whatever comes twice
/// comes under the same identifier, and what fits to an identifier never changes.
@Suite(.serialized) struct WatchKillTests {
    private static let rounds = 4
    private static let entriesPerRound = 5
    private static let vin = "LFV2A21K8G4012345"

    @Test(.timeLimit(.minutes(10)))
    func `what was appended reaches the receiver, however often the server is killed`() async throws {
        let directory = try TemporaryDirectory()
        let bootstrap = try await ServerProcess.run(["admin", "bootstrap"], directory)
        let key = try #require(try JSONParser.parse(bootstrap.output)["api_key"]?.stringValue)
        let receiver = try await Receiver.start { _, _ in .answer(204) }
        var server = try await start(directory)
        let watch: JSON = ["kind": "vehicle", "vin": JSON(WatchKillTests.vin), "url": JSON(receiver.url)]
        let made = try await post("/v1/watches", watch, to: server, key)
        #expect(made.status == 201, "\(made.text)")
        for round in 0..<WatchKillTests.rounds {
            for number in 0..<WatchKillTests.entriesPerRound {
                try await append(round * WatchKillTests.entriesPerRound + number, to: server, key)
            }
            // At another moment of the delivery each time.
            try await Task.sleep(for: .milliseconds(250 * round))
            await server.kill()
            server = try await start(directory)
        }
        let expected = Int64(WatchKillTests.rounds * WatchKillTests.entriesPerRound)
        var told: Int64 = 0
        // Whoever was killed while it sent keeps others waiting for a minute.
        for _ in 0..<1200 where told < expected {
            try await Task.sleep(for: .milliseconds(100))
            told = try receiver.requests.compactMap { try head($0) }.max() ?? 0
        }
        #expect(told == expected)
        try check(receiver.requests)
        #expect(await server.stop() == 0)
    }

    private func start(_ directory: TemporaryDirectory) async throws -> ServerProcess {
        let arguments = ["--webhook-private-networks", "true"]
        let server = try ServerProcess(directory: directory, port: try freePort(), arguments: arguments)
        try await server.waitUntilReady()
        return server
    }

    private func append(_ number: Int, to server: ServerProcess, _ key: String) async throws {
        let event: JSON = [
            "kind": "odometer.read", "occurred_at": "2026-01-01T00:00:00.000Z", "ref": JSON("r\(number)"),
            "data": ["odometer_km": JSON(1000 + number)],
        ]
        let answer = try await post("/v1/vehicles/\(WatchKillTests.vin)/events", event, to: server, key)
        #expect(answer.status == 201, "\(answer.text)")
    }

    private func post(_ path: String, _ json: JSON, to server: ServerProcess, _ key: String) async throws -> HTTPAnswer
    {
        let headers = [("Authorization", "Bearer \(key)"), ("Content-Type", "application/json")]
        return try await HTTPClient(port: server.port).send("POST", path, headers: headers, body: json.bytes)
    }

    /// How many entries there are up to the end of what was received.
    private func head(_ request: Receiver.Request) throws -> Int64? {
        try JSONParser.parse(request.body)["data"]?["head"]?["seq"]?.integerValue.map { $0 + 1 }
    }

    private func check(_ requests: [Receiver.Request]) throws {
        var bodies: [String: [UInt8]] = [:]
        var last: JSON?
        for request in requests {
            let id = try #require(request.header("webhook-id"))
            if let known = bodies[id] {
                #expect(known == request.body, "\(id) came with another content")
                continue
            }
            bodies[id] = request.body
            let data = try #require(try JSONParser.parse(request.body)["data"])
            if let last { #expect(data["after"] == last, "something is missing before \(id)") }
            last = data["head"]
        }
    }
}
