import Core
import Foundation
import Support
import Testing

/// The real program moves a demonstration store, as an operator would.
@Suite struct MoveTests {
    private static let vehicles = 3

    /// A store of a few cars that the real server filled.
    private func demonstrationStore(_ directory: TemporaryDirectory) async throws {
        let bootstrap = try await ServerProcess.run(["admin", "bootstrap"], directory)
        try directory.write(String(decoding: bootstrap.output, as: UTF8.self), to: "administrator.json")
        let server = try ServerProcess(directory: directory, port: try freePort())
        try await server.waitUntilReady()
        let load = [
            "demo", "load", "--url", "http://127.0.0.1:\(server.port)", "--vehicles", "\(MoveTests.vehicles)",
            "--administrator", directory.path("administrator.json"), "--directory", directory.path("demonstration"),
        ]
        #expect(try await ServerProcess.run(load, directory).status == 0)
        #expect(await server.stop() == 0)
    }

    private func move(_ directory: TemporaryDirectory, to target: String) async throws -> (Int32, [String: String]) {
        let source = "sqlite:\(directory.path("store.sqlite"))"
        let result = try await ServerProcess.run(["migrate-store", source, target], directory)
        let lines = String(decoding: result.output, as: UTF8.self).split(separator: "\n").map {
            $0.split(separator: "\t").map(String.init)
        }
        return (result.status, Dictionary(uniqueKeysWithValues: lines.map { ($0[0], $0[1]) }))
    }

    @Test(.timeLimit(.minutes(10)))
    func `a demonstration store is served from PostgreSQL after its move`() async throws {
        let directory = try TemporaryDirectory()
        try await demonstrationStore(directory)
        let cluster = try await PostgresCluster.shared()
        let url = try await cluster.makeDatabase()
        defer { cluster.drop(url) }
        let (status, rows) = try await move(directory, to: url)
        #expect(status == 0)
        #expect(rows["vehicle"] == "\(MoveTests.vehicles)")
        #expect(rows["entry"] == rows["entry_hash"])
        #expect(try await move(directory, to: url).0 == 1, "only an empty store is moved into")

        let keys = ["--key-dir", directory.path("store.sqlite.keys")]
        let fsck = try await ServerProcess.run(["ledger", "fsck", "--database-url", url] + keys, directory)
        #expect(fsck.status == 0)
        #expect(try JSONParser.parse(fsck.output)["vehicles"] == JSON(MoveTests.vehicles))
        let server = try ServerProcess(
            directory: directory,
            port: try freePort(),
            arguments: ["--database-url", url] + keys
        )
        try await server.waitUntilReady()
        #expect(await server.stop() == 0)
    }

    @Test(.timeLimit(.minutes(10)))
    func `what is no store, or not ready for one, is refused`() async throws {
        let directory = try TemporaryDirectory()
        _ = try await ServerProcess.run(["admin", "bootstrap"], directory)
        let cluster = try await PostgresCluster.shared()
        let empty = try await cluster.makeDatabase(migrated: false)
        defer { cluster.drop(empty) }
        #expect(try await move(directory, to: empty).0 == 1, "not migrated")
        #expect(try await move(directory, to: "sqlite:\(directory.path("store.sqlite"))").0 == 1, "itself")
        #expect(try await move(directory, to: "mysql://localhost/a").0 == 2)
        let missing = ["migrate-store", "sqlite:\(directory.path("none.sqlite"))", empty]
        #expect(try await ServerProcess.run(missing, directory).status == 1)
        #expect(!FileManager.default.fileExists(atPath: directory.path("none.sqlite")))
    }
}
