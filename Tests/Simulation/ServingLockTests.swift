import Foundation
import Support
import Testing

/// One server a SQLite file.
@Suite(.serialized) struct ServingLockTests {
    private func second(_ directory: TemporaryDirectory, file: String = "store.sqlite") async throws -> (Int32, String)
    {
        let arguments = ["serve", "--http-port", "0", "--database-url", "sqlite:\(directory.path(file))"]
        let result = try await ServerProcess.run(arguments, directory)
        return (result.status, result.complaint)
    }

    @Test(.timeLimit(.minutes(10)))
    func `a second server on the same file is refused with what to do, and nothing else is`() async throws {
        let directory = try TemporaryDirectory()
        let server = try ServerProcess(directory: directory, port: try freePort())
        try await server.waitUntilReady()
        let (status, complaint) = try await second(directory)
        #expect(status == 1)
        #expect(complaint.contains("Another server serves"), "\(complaint)")
        #expect(complaint.contains("PostgreSQL"))

        let link = directory.path("link.sqlite")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: directory.path("store.sqlite"))
        #expect(try await second(directory, file: "link.sqlite").0 == 1, "the same file by another name")

        for tool in [["migrate"], ["admin", "bootstrap"], ["ledger", "fsck"]] {
            #expect(try await ServerProcess.run(tool, directory).status == 0, "\(tool)")
        }
        #expect(await server.stop() == 0)
    }

    @Test(.timeLimit(.minutes(10)))
    func `after kill -9 the file is free again at once`() async throws {
        let directory = try TemporaryDirectory()
        for _ in 0..<2 {
            let server = try ServerProcess(directory: directory, port: try freePort())
            try await server.waitUntilReady()
            await server.kill()
        }
        let last = try ServerProcess(directory: directory, port: try freePort())
        try await last.waitUntilReady()
        #expect(await last.stop() == 0)
    }
}
