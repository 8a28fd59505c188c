import Core
import Cryptography
import Foundation
import Support
import Synchronization
import Testing

/// What was acknowledged is there, whatever happened to the process.
///
/// The oracle: after each kill and restart every acknowledged entry stands where its answer said, every chain verifies
/// from its first entry, and what was not acknowledged is there once or not at all. A stranger's audit finds every
/// entry in a log that extends what he saw after the kill before, and whatever was shown to a client in between.
@Suite(.serialized) struct KillTests {
    private static let isLong = ProcessInfo.processInfo.environment["CHEXIN_TEST_LONG"] != nil
    private static let cycles = isLong ? 200 : 3
    private static let writers = 8
    /// In each cycle.
    private static let leastAcknowledged = 10
    private static let vins = (0..<20).map { testVIN($0) }

    @Test(.timeLimit(.minutes(90)))
    func `every acknowledged entry survives kill -9`() async throws {
        let directory = try TemporaryDirectory()
        let bootstrap = try await ServerProcess.run(["admin", "bootstrap"], directory)
        let key = try #require(try JSONParser.parse(bootstrap.output)["api_key"]?.stringValue)
        var random = SeededRandom(seed: 20_261_121)
        var acknowledged: [Acknowledged] = []
        for cycle in 0..<KillTests.cycles {
            let server = try ServerProcess(directory: directory, port: try freePort())
            try await server.waitUntilReady()
            let load = Load(server: server, key: key, cycle: cycle)
            let task = Task { await load.run(writers: KillTests.writers) }
            // On a slow machine the time alone would kill it before it said anything.
            while load.acknowledged.count <= KillTests.leastAcknowledged {
                try await Task.sleep(for: .milliseconds(5))
            }
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...800, using: &random)))
            await server.kill()
            await task.value
            acknowledged += load.acknowledged
            try await check(directory, acknowledged, load.checkpoints, cycle)
        }
        #expect(acknowledged.count > KillTests.cycles * KillTests.leastAcknowledged)
    }

    /// Looks with another process at what the killed one left.
    private func check(
        _ directory: TemporaryDirectory,
        _ acknowledged: [Acknowledged],
        _ checkpoints: [String],
        _ cycle: Int
    ) async throws {
        let fsck = try await ServerProcess.run(["ledger", "fsck"], directory)
        #expect(fsck.status == 0, "cycle \(cycle): \(String(decoding: fsck.output, as: UTF8.self))")
        let found = try JSONParser.parse(fsck.output)
        #expect(found["leaves"] == found["entries"], "cycle \(cycle)")
        let server = try ServerProcess(directory: directory, port: try freePort())
        try await server.waitUntilReady()
        let client = HTTPClient(port: server.port)
        for vin in KillTests.vins {
            let raw = try await client.send(
                "GET",
                "/v1/vehicles/\(vin)/history",
                headers: [("Accept", "application/x-ndjson")]
            )
            let hashes = raw.status == 200 ? raw.body.split(separator: 0x0A).map { SHA256.hash(Array($0)).hex } : []
            for entry in acknowledged where entry.vin == vin {
                #expect(hashes.count > entry.seq && hashes[entry.seq] == entry.hash, "cycle \(cycle): \(entry)")
            }
        }
        try await checkLog(client, directory, checkpoints, cycle)
        #expect(await server.stop() == 0)
    }

    private func checkLog(
        _ client: HTTPClient,
        _ directory: TemporaryDirectory,
        _ checkpoints: [String],
        _ cycle: Int
    ) async throws {
        let keys = directory.path("keys.json")
        try Data(try await ServerProcess.run(["log", "keys"], directory).output).write(to: URL(filePath: keys))
        let audit = try await ServerProcess.run(
            ["audit", "http://127.0.0.1:\(client.port)", "--keys", keys, "--state", directory.path("audit")],
            directory
        )
        #expect(audit.status == 0, "cycle \(cycle): \(audit.complaint)")
        #expect(!checkpoints.isEmpty)
        for text in Set(checkpoints) {
            let lines = text.split(separator: "\n")
            let answer = try await client.send("GET", "/v1/log/consistency?from=\(lines[1])")
            #expect(try JSONParser.parse(answer.body)["from_root"] == JSON(String(lines[2])), "cycle \(cycle): \(text)")
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func `a changed byte in the file makes fsck name the entry and exit 1`() async throws {
        let directory = try TemporaryDirectory()
        let bootstrap = try await ServerProcess.run(["admin", "bootstrap"], directory)
        let key = try #require(try JSONParser.parse(bootstrap.output)["api_key"]?.stringValue)
        let server = try ServerProcess(directory: directory, port: try freePort())
        try await server.waitUntilReady()
        let client = HTTPClient(port: server.port)
        for step in 0..<3 {
            let answer = try await client.append(vin: testVIN(1), km: 777_000 + step, ref: "r\(step)", key: key)
            #expect(answer.status == 201, "\(answer.text)")
        }
        #expect(await server.stop() == 0)
        let path = directory.path("store.sqlite")
        var file = Array(try #require(FileManager.default.contents(atPath: path)))
        let place = try #require(file.firstRange(of: Array("777001".utf8)))
        file[place.lowerBound + 5] = UInt8(ascii: "9")
        try Data(file).write(to: URL(fileURLWithPath: path))
        let fsck = try await ServerProcess.run(["ledger", "fsck"], directory)
        #expect(fsck.status == 1)
        let damage = try JSONParser.parse(fsck.output)["damaged"]?.arrayValue?.first
        #expect(damage?["vin"] == JSON(testVIN(1)))
        #expect(damage?["seq"] == 1)
    }
}

struct Acknowledged: Sendable {
    let vin: String
    let seq: Int
    let hash: String
}

/// Appends as fast as it is answered, and remembers what was acknowledged.
final class Load: Sendable {
    private static let appendsPerLook = 5

    private let client: HTTPClient
    private let key: String
    private let cycle: Int
    private let answers = Mutex<[Acknowledged]>([])
    private let notes = Mutex<[String]>([])

    init(server: ServerProcess, key: String, cycle: Int) {
        client = HTTPClient(port: server.port)
        self.key = key
        self.cycle = cycle
    }

    var acknowledged: [Acknowledged] { answers.withLock { $0 } }
    /// Of the log, as somebody saw them meanwhile.
    var checkpoints: [String] { notes.withLock { $0 } }

    func run(writers: Int) async {
        await withTaskGroup(of: Void.self) { group in
            for writer in 0..<writers { group.addTask { await self.write(writer) } }
        }
    }

    /// Until the server is gone.
    private func write(_ writer: Int) async {
        for step in 0... {
            let vin = testVIN((writer + step) % 20)
            let ref = "\(cycle)-\(writer)-\(step)"
            guard let answer = try? await client.append(vin: vin, km: step, ref: ref, key: key) else { return }
            guard answer.status == 201, let json = try? JSONParser.parse(answer.body),
                let seq = json["seq"]?.integerValue, let hash = json["hash"]?.stringValue
            else { continue }
            answers.withLock { $0.append(Acknowledged(vin: vin, seq: Int(seq), hash: hash)) }
            if step % Load.appendsPerLook == 0, let note = try? await client.send("GET", "/log/checkpoint") {
                notes.withLock { $0.append(note.text) }
            }
        }
    }
}

extension HTTPClient {
    func append(vin: String, km: Int, ref: String, key: String) async throws -> HTTPAnswer {
        let body: JSON = [
            "kind": "odometer.read", "occurred_at": "2025-01-01T00:00:00Z", "ref": JSON(ref),
            "data": ["odometer_km": JSON(km)],
        ]
        return try await send(
            "POST",
            "/v1/vehicles/\(vin)/events",
            headers: [("Authorization", "Bearer \(key)"), ("Content-Type", "application/json")],
            body: body.bytes
        )
    }
}

/// A valid VIN for each number.
func testVIN(_ number: Int) -> String {
    let serial = String(10_000 + number).dropFirst()
    let open = "LFV2A21K0G401\(serial)"
    for digit in "0123456789X" {
        let text = open.prefix(8) + String(digit) + open.dropFirst(9)
        if (try? VIN(parsing: String(text))) != nil { return String(text) }
    }
    return open
}

/// A port that was free a moment ago, below those that the system gives to connections: a server that is killed and
/// comes back must not find a client's connection in its place.
func freePort() throws -> Int {
    let port = (0..<100).lazy.map { _ in UInt16.random(in: 10_000..<32_000) }.first(where: isFree)
    return Int(try #require(port))
}

private func isFree(_ port: UInt16) -> Bool {
    let socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let length = socklen_t(MemoryLayout<sockaddr_in>.size)
    return withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, length) == 0 }
    }
}
