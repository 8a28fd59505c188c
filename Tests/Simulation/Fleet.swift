import Core
import Cryptography
import Foundation
import Support
import Synchronization
import Testing

/// Servers on one store, which are killed and stopped while others use them. Each keeps its port over its lives.
final class Fleet: Sendable {
    let directory: TemporaryDirectory
    /// Of an administrator.
    let key: String
    let clients: [HTTPClient]
    private let arguments: [String]
    private let ports: [Int]
    private let servers: Mutex<[ServerProcess]>
    private let scratch: PostgresScratch?
    private let isOver = Atomic<Bool>(false)
    private let time = Atomic<Int>(0)
    private let answered = Atomic<Int>(0)

    /// On PostgreSQL there are several servers; a SQLite file has one.
    static func start(_ engine: Engine) async throws -> Fleet {
        let directory = try TemporaryDirectory()
        switch engine {
        case .sqlite: return try await Fleet(directory, [], count: 1, scratch: nil)
        case .postgres:
            let scratch = try await PostgresScratch.make(isMigrated: true)
            let arguments = ["--database-url", scratch.url, "--key-dir", directory.path("keys")]
            return try await Fleet(directory, arguments, count: 4, scratch: scratch)
        }
    }

    private init(
        _ directory: TemporaryDirectory,
        _ arguments: [String],
        count: Int,
        scratch: PostgresScratch?
    ) async throws {
        let bootstrap = try await ServerProcess.run(["admin", "bootstrap"] + arguments, directory)
        key = try #require(try JSONParser.parse(bootstrap.output)["api_key"]?.stringValue, "\(bootstrap.complaint)")
        self.directory = directory
        self.arguments = arguments
        self.scratch = scratch
        let ports = try (0..<count).map { _ in try freePort() }
        self.ports = ports
        clients = ports.map { HTTPClient(port: $0) }
        let started = try ports.map { try ServerProcess(directory: directory, port: $0, arguments: arguments) }
        servers = Mutex(started)
        for server in started { try await server.waitUntilReady() }
    }

    /// Kills or stops one after the other, each when the clients have waited for a moment of these and got as many
    /// answers: on a slow machine the time alone would leave nothing to look at.
    func upset(
        times: Int,
        milliseconds: ClosedRange<Int>,
        answers: Int,
        using random: inout SeededRandom
    ) async throws {
        for _ in 0..<times {
            let enough = answered.load(ordering: .relaxed) + answers
            try await Task.sleep(for: .milliseconds(Int.random(in: milliseconds, using: &random)))
            while answered.load(ordering: .relaxed) < enough { try await Task.sleep(for: .milliseconds(5)) }
            try await upset(using: &random)
        }
    }

    /// Kills one, or stops it for a while. Returns when it serves again.
    private func upset(using random: inout SeededRandom) async throws {
        let number = Int.random(in: 0..<ports.count, using: &random)
        let server = servers.withLock { $0[number] }
        if Bool.random(using: &random) {
            await server.kill()
            let next = try ServerProcess(directory: directory, port: ports[number], arguments: arguments)
            servers.withLock { $0[number] = next }
            try await next.waitUntilReady()
        } else {
            server.pause()
            try await Task.sleep(for: .milliseconds(Int.random(in: 100...1500, using: &random)))
            server.resume()
        }
    }

    /// - Returns: whether all of them went in order.
    func stop() async -> Bool {
        var isClean = true
        for server in servers.withLock({ $0 }) where await server.stop() != 0 { isClean = false }
        return isClean
    }

    /// What the operator's check says of the whole store.
    func fsck() async throws -> (status: Int32, entries: Int64?) {
        let result = try await ServerProcess.run(["ledger", "fsck"] + arguments, directory)
        return (result.status, try JSONParser.parse(result.output)["entries"]?.integerValue)
    }

    /// What a stranger finds who audits the log over HTTP.
    func audit() async throws -> (status: Int32, output: [UInt8], complaint: String) {
        let keys = directory.path("keys.json")
        let printed = try await ServerProcess.run(["log", "keys"] + arguments, directory)
        try Data(printed.output).write(to: URL(filePath: keys))
        return try await ServerProcess.run(["audit", "http://127.0.0.1:\(ports[0])", "--keys", keys], directory)
    }

    /// A row of the database, as its own shell shows it. PostgreSQL only.
    func query(_ sql: String) async throws -> String {
        guard let scratch else { return "" }
        return try await scratch.cluster.query(sql, url: scratch.url)
    }

    // MARK: What a client does

    /// Whether the clients shall end.
    var isFinished: Bool { isOver.load(ordering: .relaxed) }

    func finish() {
        isOver.store(true, ordering: .relaxed)
    }

    /// A number higher than all before.
    func tick() -> Int {
        time.add(1, ordering: .sequentiallyConsistent).newValue
    }

    /// Appends until somebody acknowledges it: under the same `ref`, which makes every repeat harmless.
    func append(vin: String, km: Int, ref: String, using random: inout SeededRandom) async throws -> Acknowledged {
        while true {
            let client = clients[Int.random(in: 0..<clients.count, using: &random)]
            let answer = try? await client.append(vin: vin, km: km, ref: ref, key: key)
            if let answer, [200, 201].contains(answer.status) {
                let json = try JSONParser.parse(answer.body)
                let seq = try #require(json["seq"]?.integerValue)
                answered.add(1, ordering: .relaxed)
                return Acknowledged(vin: vin, seq: Int(seq), hash: try #require(json["hash"]?.stringValue))
            }
            if let answer { try #require([429, 503].contains(answer.status), "\(answer.text)") }
            try await Task.sleep(for: .milliseconds(Int.random(in: 5...30, using: &random)))
        }
    }

    /// The lines of a car's history; `nil` where nobody gave a whole answer.
    func lines(_ vin: String, using random: inout SeededRandom) async throws -> [[UInt8]]? {
        let client = clients[Int.random(in: 0..<clients.count, using: &random)]
        let accept = [("Accept", "application/x-ndjson")]
        guard let answer = try? await client.send("GET", "/v1/vehicles/\(vin)/history", headers: accept) else {
            return nil
        }
        try #require([200, 404, 429, 503].contains(answer.status), "\(answer.text)")
        guard [200, 404].contains(answer.status) else { return nil }
        answered.add(1, ordering: .relaxed)
        return answer.status == 404 ? [] : answer.body.split(separator: 0x0A).map { Array($0) }
    }

    /// The hashes of a whole chain, in order. Fails the test where the chain has a gap or a fork.
    func chain(_ vin: String) async throws -> [String] {
        var random = SeededRandom(seed: 1)
        var lines: [[UInt8]]?
        while lines == nil { lines = try await self.lines(vin, using: &random) }
        var hashes: [String] = []
        for line in lines ?? [] {
            let envelope = try JSONParser.parse(line)
            #expect(envelope["seq"] == JSON(hashes.count), "\(vin)")
            #expect(envelope["prev"]?.stringValue == hashes.last ?? String(repeating: "0", count: 64), "\(vin)")
            hashes.append(SHA256.hash(line).hex)
        }
        return hashes
    }
}
