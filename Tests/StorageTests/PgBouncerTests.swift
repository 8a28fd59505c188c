import Core
import Foundation
import Storage
import StoragePostgres
import Support
import Testing

/// A pooler in transaction mode: every transaction may be on another connection of the server.
@Suite struct PgBouncerTests {
    static let program = "/usr/sbin/pgbouncer"
    static let isInstalled = FileManager.default.isExecutableFile(atPath: program)

    @Test(.enabled(if: isInstalled, "pgbouncer is not installed: apt-get install pgbouncer brings it"))
    func `a store behind a pooler keeps every promise, and is not asked to prepare anything`() async throws {
        let scratch = try await PostgresScratch.make(isMigrated: true)
        try await scratch.cluster.query("CREATE TABLE note (id BIGINT PRIMARY KEY, body TEXT)", url: scratch.url)
        let pooler = try Pooler(to: scratch.cluster.port)
        defer { pooler.end() }
        let location = try scratch.location(port: pooler.port)
        var limits = PostgresLimits()
        limits.reconnectMilliseconds = 10_000
        limits.writers = 3
        limits.readers = 3
        let database = try await PostgresDatabase.open(location, limits: limits)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for id in 0..<200 {
                group.addTask {
                    _ = try await database.write { tx in
                        try tx.execute("INSERT INTO note (id, body) VALUES (\(id), \("\(id)"))")
                    }
                    let body = try await database.read { tx in
                        try tx.first("SELECT body FROM note WHERE id = \(id)")?.text(0)
                    }
                    #expect(body == "\(id)")
                    await #expect(throws: UniqueViolation()) {
                        _ = try await database.write { try $0.execute("INSERT INTO note (id) VALUES (\(id))") }
                    }
                }
            }
            try await group.waitForAll()
        }
        let settings = try await database.write { tx in
            try tx.first("SELECT current_setting('statement_timeout'), current_setting('lock_timeout')")
        }
        #expect(settings == Row([.text("30s"), .text("3s")]))
        let sum = try await database.read { try $0.first("SELECT COUNT(*), SUM(id) FROM note") }
        #expect(sum == Row([.integer(200), .integer(19_900)]))
        try await database.close()
    }
}

/// pgbouncer with a port of its own, as an unprivileged user, which it insists on.
private final class Pooler {
    let port: Int
    private let process = Process()
    private let lifeline = Pipe()
    private let directory: TemporaryDirectory

    init(to serverPort: Int) throws {
        port = Int.random(in: 33_000...60_000)
        directory = try TemporaryDirectory()
        try directory.write(
            """
            [databases]
            * = host=127.0.0.1 port=\(serverPort) user=\(PostgresCluster.user)
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = \(port)
            unix_socket_dir =
            auth_type = any
            pool_mode = transaction
            default_pool_size = 4
            """,
            to: "pgbouncer.ini"
        )
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: directory.path)
        let user = geteuid() == 0 ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] : []
        process.executableURL = URL(filePath: "/usr/bin/env")
        // The shell waits for the end of its input, which comes when this process is gone, however that ended.
        process.arguments =
            user + ["sh", "-c", "\(PgBouncerTests.program) -q \"$0\" & cat >/dev/null; kill $!"]
            + [directory.path("pgbouncer.ini")]
        process.standardInput = lifeline
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        _ = fcntl(lifeline.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
        try process.run()
    }

    func end() {
        try? lifeline.fileHandleForWriting.close()
    }
}
