import Core
import Foundation
import Support
import Testing

/// The log and its keys across restores and rotations, with the program as an operator runs it.
@Suite(.serialized) struct RestoreTests {
    private static let vin = testVIN(1)

    private struct World {
        let directory = try! TemporaryDirectory()
        let key: String

        init() async throws {
            let bootstrap = try await ServerProcess.run(["admin", "bootstrap"], directory)
            key = try #require(try JSONParser.parse(bootstrap.output)["api_key"]?.stringValue)
        }

        /// Runs a server for as long as the body does.
        func serving<Result>(_ body: (HTTPClient) async throws -> Result) async throws -> Result {
            let server = try ServerProcess(directory: directory, port: try freePort())
            try await server.waitUntilReady()
            let result = try await body(HTTPClient(port: server.port))
            #expect(await server.stop() == 0)
            return result
        }

        func append(_ refs: ClosedRange<Int>, _ client: HTTPClient) async throws {
            for ref in refs {
                let answer = try await client.append(vin: RestoreTests.vin, km: ref, ref: "r\(ref)", key: key)
                #expect(answer.status == 201, "\(answer.text)")
            }
        }

        /// What is published within the second.
        func waitUntilPublished(_ size: Int) async throws {
            let path = directory.path("store.sqlite.keys/log.checkpoint")
            for _ in 0..<200 {
                let text = FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
                if text.contains("\n\(size)\n") { return }
                try await Task.sleep(for: .milliseconds(50))
            }
            Issue.record("a checkpoint of \(size) was not put aside")
        }

        var store: URL { URL(filePath: directory.path("store.sqlite")) }

        func copy(_ from: URL, to: URL) throws {
            try? FileManager.default.removeItem(at: to)
            try FileManager.default.copyItem(at: from, to: to)
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func `a store out of an older backup is refused with what to do, and the newer one is taken`() async throws {
        let world = try await World()
        let (backup, newest) = (
            URL(filePath: world.directory.path("backup")), URL(filePath: world.directory.path("newest"))
        )
        try await world.serving { try await world.append(1...2, $0) }
        try world.copy(world.store, to: backup)
        try await world.serving { client in
            try await world.append(3...4, client)
            try await world.waitUntilPublished(4)
        }
        try world.copy(world.store, to: newest)
        try world.copy(backup, to: world.store)
        for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: world.store.path + suffix) }
        let refused = try await ServerProcess.run(["serve", "--http-port", "0"], world.directory)
        #expect(refused.status == 1)
        #expect(
            refused.complaint.contains("has 2 entries, and a checkpoint of 4 was published"),
            "\(refused.complaint)"
        )
        #expect(refused.complaint.contains("Bring back the newer store"))
        // Nothing was signed meanwhile: the newer store is taken.
        try world.copy(newest, to: world.store)
        try await world.serving { client in
            try await world.append(5...5, client)
            #expect(try await client.send("GET", "/log/checkpoint").text.contains("\n5\n"))
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func `a store that was forked from a backup elsewhere is refused`() async throws {
        let world = try await World()
        let backup = URL(filePath: world.directory.path("backup"))
        let published = URL(filePath: world.directory.path("store.sqlite.keys/log.checkpoint"))
        let aside = URL(filePath: world.directory.path("log.checkpoint"))
        try await world.serving { try await world.append(1...2, $0) }
        try world.copy(world.store, to: backup)
        try await world.serving { client in
            try await world.append(3...3, client)
            try await world.waitUntilPublished(3)
        }
        try world.copy(published, to: aside)
        // Somebody takes the file away, and goes on from the backup.
        try world.copy(backup, to: world.store)
        try FileManager.default.removeItem(at: published)
        try await world.serving { try await world.append(4...6, $0) }
        try world.copy(aside, to: published)
        let refused = try await ServerProcess.run(["serve", "--http-port", "0"], world.directory)
        #expect(refused.status == 1)
        #expect(refused.complaint.contains("not the one of which a checkpoint of 3 entries was published"))
    }

    @Test(.timeLimit(.minutes(10)))
    func `a key is replaced while readers of the old and of the new one go on`() async throws {
        let world = try await World()
        func command(_ arguments: [String]) async throws -> (status: Int32, output: [UInt8], complaint: String) {
            try await ServerProcess.run(arguments, world.directory)
        }
        func keys(_ name: String, _ arguments: [String]) async throws -> String {
            let result = try await command(arguments)
            #expect(result.status == 0, "\(result.complaint)")
            let path = world.directory.path(name)
            try Data(result.output).write(to: URL(filePath: path))
            return path
        }
        let before = try await keys("before", ["log", "keys"])
        try await world.serving { try await world.append(1...2, $0) }
        let both = try await keys("both", ["log", "rotate"])
        let printed = try JSONParser.parse(Array(try Data(contentsOf: URL(filePath: both))))
        #expect(printed["former_checkpoint_key"] != nil)
        // As a reader has it who learns of the new key alone.
        let after = world.directory.path("after")
        let members = (printed.members ?? []).filter { !$0.name.hasPrefix("former") }
        try Data(JSON.object(members).bytes).write(to: URL(filePath: after))
        func audit(_ keys: String, _ client: HTTPClient) async throws -> Int32 {
            try await command(["audit", "http://127.0.0.1:\(client.port)", "--keys", keys]).status
        }
        try await world.serving { client in
            try await world.append(3...3, client)
            let note = try await client.send("GET", "/log/checkpoint").text
            #expect(note.split(separator: "\n").count { $0.hasPrefix("— ") } == 2, "\(note)")
            for keys in [before, both, after] { #expect(try await audit(keys, client) == 0, "\(keys)") }
        }
        let again = try await command(["log", "rotate"])
        #expect(again.status == 2)
        #expect(again.complaint.contains("log.old.key still signs"))
        try FileManager.default.removeItem(atPath: world.directory.path("store.sqlite.keys/log.old.key"))
        try await world.serving { client in
            try await world.append(4...4, client)
            #expect(try await client.send("GET", "/log/checkpoint").text.split(separator: "— ").count == 2)
            #expect(try await audit(after, client) == 0)
            #expect(try await audit(before, client) == 1)
        }
    }
}
