import Foundation
import Migrations
import Storage
import StoragePostgres
import Synchronization

/// A PostgreSQL cluster of this test process alone, started when the first test asks for it. It has a directory, a
/// socket and a port of its own, runs as an unprivileged user, and is gone when the process is, however that ended.
package final class PostgresCluster: Sendable {
    package static let user = "chexin"

    package let host: String
    package let port: Int
    /// Its socket lies here, and its log.
    package let directory: String
    /// Where the server's and the client's programs are.
    package let programs: String
    private let lifeline: Lifeline
    private let template = Mutex<Task<Void, any Error>?>(nil)

    private static let starting = Task { try await start() }

    /// - Throws: `PostgresError` where PostgreSQL is not installed or does not start.
    package static func shared() async throws -> PostgresCluster {
        try await starting.value
    }

    private init(host: String, port: Int, directory: String, programs: String, lifeline: Lifeline) {
        self.host = host
        self.port = port
        self.directory = directory
        self.programs = programs
        self.lifeline = lifeline
    }

    package func url(_ database: String, user: String = PostgresCluster.user) -> String {
        "postgres://\(user)@\(host):\(port)/\(database)"
    }

    /// - Returns: the address of a database that nobody else uses: with the schema of the product, or empty.
    package func makeDatabase(migrated: Bool = true) async throws -> String {
        let name = "test_" + String(UInt64.random(in: 0 ... .max), radix: 16)
        if migrated { try await templateIsReady() }
        try await administrate(PostgresCluster.creation(of: name, from: migrated ? "chexin_template" : "template0"))
        return url(name)
    }

    /// Removes a database, soon and without waiting for it; whoever is still connected is cut off.
    package func drop(_ url: String) {
        guard let name = url.split(separator: "/").last else { return }
        lifeline.drop(String(name))
    }

    /// Runs statements as the cluster's superuser; every one in a transaction of its own.
    @discardableResult
    package func administrate(_ sql: String, in database: String = "postgres") async throws -> String {
        try await query(sql, url: url(database, user: "postgres"))
    }

    /// Runs statements with the psql program.
    /// - Returns: the rows, a line each, their columns apart by `|`.
    @discardableResult
    package func query(_ sql: String, url: String) async throws -> String {
        try await Command.run(
            "\(programs)/psql",
            ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url, "-f", "-"],
            input: sql
        )
    }

    private static func creation(of name: String, from template: String) -> String {
        "CREATE DATABASE \(name) OWNER \(user) TEMPLATE \(template);"
    }

    /// Made once, by whoever needs it first; everybody else waits for that one.
    private func templateIsReady() async throws {
        let making = template.withLock { template in
            let making = template ?? Task { try await makeTemplate() }
            template = making
            return making
        }
        try await making.value
    }

    /// With the program's own migrator, through the driver, as an operator would.
    private func makeTemplate() async throws {
        try await administrate(PostgresCluster.creation(of: "chexin_template", from: "template0"))
        guard let location = PostgresLocation(url: url("chexin_template")) else {
            throw PostgresError(description: "the driver does not read the cluster's address")
        }
        let database = try await PostgresDatabase.open(location, limits: .forTests)
        _ = try await Migrator(Schema.migrations, dialect: .postgres, database: database).apply()
        try await database.close()
        // Tests play the thief who changes what nobody may change, and look whether that is noticed.
        try await query(
            "GRANT UPDATE, DELETE ON entry, audit_record TO \(PostgresCluster.user)",
            url: url("chexin_template")
        )
    }
}

package struct PostgresError: Error, CustomStringConvertible {
    package let description: String
}

extension PostgresCluster {
    /// What the end of this process does.
    package func abandon() throws {
        try lifeline.end()
    }

    /// One more cluster, for a test that does to it what the others would not bear.
    /// - Parameters:
    ///   - isDurable: whether it keeps what it acknowledges, as an operator's does.
    ///   - addresses: where it listens, as PostgreSQL's configuration has it.
    ///   - network: the network namespace that it runs in, where that is not this process's own.
    ///   - isFollowed: whether it sends its log to standbys.
    package static func start(
        isDurable: Bool = false,
        addresses: String = "127.0.0.1",
        network: String? = nil,
        isFollowed: Bool = false
    ) async throws -> PostgresCluster {
        let settings =
            ["listen_addresses = '\(addresses)'"] + (isDurable ? [] : Lifeline.carelessSettings)
            + (isFollowed ? Lifeline.followedSettings : [])
        let cluster = try await run(settings, addresses: addresses, network: network, primary: "")
        try await cluster.administrate("CREATE ROLE \(user) LOGIN CREATEDB;")
        return cluster
    }

    /// A standby of this one, which may only be read. From now on this one acknowledges what both have on their disks.
    package func startStandby() async throws -> PostgresCluster {
        let primary = "host=\(host) port=\(port) user=postgres application_name=standby"
        let standby = try await PostgresCluster.run([], addresses: host, network: nil, primary: primary)
        try await administrate("ALTER SYSTEM SET synchronous_standby_names = 'standby';")
        try await administrate("SELECT pg_reload_conf();")
        while try await !administrate("SELECT sync_state FROM pg_stat_replication").contains("sync") {
            try await Task.sleep(for: .milliseconds(20))
        }
        return standby
    }

    /// Makes a standby the primary.
    package func promote() async throws {
        try await administrate("SELECT pg_promote();")
    }

    private static func run(
        _ settings: [String],
        addresses: String,
        network: String?,
        primary: String
    ) async throws -> PostgresCluster {
        let programs = try findPrograms()
        let lifeline = try Lifeline(programs, settings: settings, network: network, primary: primary)
        let line = await lifeline.firstLine()
        let words = line.split(separator: " ").map(String.init)
        guard words.count == 3, words[0] == "ready", let port = Int(words[1]) else {
            throw PostgresError(description: "PostgreSQL did not start: \(line)")
        }
        return PostgresCluster(
            host: addresses,
            port: port,
            directory: words[2],
            programs: programs,
            lifeline: lifeline
        )
    }

    /// Of the newest version that is installed.
    private static func findPrograms() throws -> String {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        let newest = versions.compactMap { Int($0) }.sorted().last {
            FileManager.default.isExecutableFile(atPath: "\(root)/\($0)/bin/initdb")
        }
        guard let newest else {
            throw PostgresError(description: "No PostgreSQL server in \(root); `apt-get install postgresql` brings one")
        }
        return "\(root)/\(newest)/bin"
    }
}

/// The shell that keeps the cluster, and drops the databases it is told to. It waits for the end of its input, which
/// comes when this process is gone, even by `kill -9`; then it stops the cluster and removes its directory. A session
/// of its own keeps it out of reach of the signals that end a whole group of processes, as `timeout` sends them.
private final class Lifeline: Sendable {
    private let output: FileHandle
    private let input: FileHandle

    /// For a cluster that dies with its tests.
    static let carelessSettings = ["fsync = off", "full_page_writes = off", "autovacuum = off", "max_wal_size = 4GB"]

    static let followedSettings = ["wal_level = replica", "max_wal_senders = 4"]

    /// - Parameter primary: whose standby it is, as libpq names it; empty for a cluster of its own.
    init(_ programs: String, settings: [String], network: String?, primary: String) throws {
        let (input, output) = (Pipe(), Pipe())
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            ["setsid"] + (network.map { ["ip", "netns", "exec", $0] } ?? []) + Lifeline.asUnprivilegedUser
            + ["sh", "-c", Lifeline.script, "sh", programs, settings.joined(separator: "\n"), primary]
        process.environment = Command.environment
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        self.input = input.fileHandleForWriting
        self.output = output.fileHandleForReading
        // A child of this process that inherited the pipe would keep the cluster alive after us.
        _ = fcntl(self.input.fileDescriptor, F_SETFD, FD_CLOEXEC)
        try process.run()
    }

    /// What it prints first, once the cluster serves or has failed.
    func firstLine() async -> String {
        await Command.onThread { [output] in
            var line: [UInt8] = []
            while let byte = try? output.read(upToCount: 1)?.first, byte != UInt8(ascii: "\n") { line.append(byte) }
            return String(decoding: line, as: UTF8.self)
        }
    }

    /// By the shell, one after the other: nothing of this process is left half-done when it ends.
    func drop(_ database: String) {
        try? input.write(contentsOf: Data("\(database)\n".utf8))
    }

    func end() throws {
        try input.close()
    }

    /// PostgreSQL refuses to run as root.
    private static var asUnprivilegedUser: [String] {
        geteuid() == 0 ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] : []
    }

    /// Texts sort by another rule than their bytes in this cluster, as in many an operator's: a column that forgot its
    /// collation is found.
    private static let script = """
        set -eu
        programs=$1
        umask 077
        trap '' HUP INT TERM PIPE
        directory=$(mktemp -d "${TMPDIR:-/tmp}/chexin-postgres-XXXXXX")
        cd "$directory"
        leave() {
            "$programs/pg_ctl" stop -D data -m immediate -w >/dev/null 2>&1 || true
            cd /
            rm -rf "$directory"
        }
        trap leave EXIT
        if [ -n "$3" ]; then
            "$programs/pg_basebackup" -D data -d "$3" -R -X stream -c fast >basebackup.log 2>&1 \
                || { tail -n 1 basebackup.log; exit 1; }
        else
            "$programs/initdb" -D data -U postgres -A trust -E UTF8 --no-sync --locale=C.UTF-8 --locale-provider=icu \
                --icu-locale=zh >initdb.log 2>&1 || { tail -n 1 initdb.log; exit 1; }
        fi
        # A standby brings its primary's settings along, and has its own directory.
        [ -n "$3" ] || cat >>data/postgresql.conf <<END
        max_connections = 300
        shared_buffers = 64MB
        max_locks_per_transaction = 256
        wal_level = minimal
        max_wal_senders = 0
        jit = off
        timezone = 'UTC'
        $2
        END
        echo "unix_socket_directories = '$directory'" >>data/postgresql.conf
        # Whoever reaches the address that it listens on. Without a network of its own that is this machine alone.
        echo 'host all all samenet trust' >>data/pg_hba.conf
        attempt=0
        until port=$(shuf -n 1 -i 20000-32000) &&
            "$programs/pg_ctl" start -D data -w -t 60 -l server.log -o "-p $port" >start.log 2>&1 </dev/null; do
            attempt=$((attempt + 1))
            [ $attempt -lt 20 ] || { tail -n 1 server.log; exit 1; }
        done
        echo "ready $port $directory"
        while read -r database; do
            "$programs/psql" -X -q -h "$directory" -p "$port" -U postgres -d postgres \
                -c "DROP DATABASE IF EXISTS $database WITH (FORCE)" </dev/null >/dev/null 2>&1 || true
        done
        """
}

/// Runs a program to its end, on a thread of its own: waiting for it would hold one of the few threads of the
/// cooperative pool.
package enum Command {
    /// Nothing of PostgreSQL's own variables: a developer's `PGHOST` is not ours.
    static var environment: [String: String] {
        ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("PG") && !$0.key.hasPrefix("LC_") }
    }

    /// - Returns: what it printed.
    /// - Throws: `PostgresError` with what it complained of, where it failed.
    @discardableResult
    package static func run(_ program: String, _ arguments: [String], input: String = "") async throws -> String {
        let result = await onThread { Result { try runBlocking(program, arguments, input) } }
        return try result.get()
    }

    static func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            Thread { continuation.resume(returning: body()) }.start()
        }
    }

    /// By `posix_spawn`: Foundation's `Process` crashes where many start at once beside many open files.
    private static func runBlocking(_ program: String, _ arguments: [String], _ input: String) throws -> String {
        let files = try TemporaryDirectory()
        let (inputPath, outputPath) = (files.path("input"), files.path("output"))
        try Data(input.utf8).write(to: URL(filePath: inputPath))
        let status = try spawn([program] + arguments, inputPath: inputPath, outputPath: outputPath)
        let printed = String(decoding: try Data(contentsOf: URL(filePath: outputPath)), as: UTF8.self)
        guard status == 0 else { throw PostgresError(description: printed) }
        return printed
    }

    /// - Returns: zero where the program ended as it should.
    private static func spawn(_ words: [String], inputPath: String, outputPath: String) throws -> CInt {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, inputPath, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, outputPath, O_WRONLY | O_CREAT, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var process = pid_t()
        let failure = posix_spawn(&process, words[0], &actions, nil, &arguments, &variables)
        guard failure == 0 else {
            throw PostgresError(description: "\(words[0]): \(String(cString: strerror(failure)))")
        }
        var status: CInt = 0
        while waitpid(process, &status, 0) < 0 {
            guard errno == EINTR else { throw PostgresError(description: "\(words[0]) is gone") }
        }
        return status
    }
}
