import Core
import Foundation
import Storage
import StoragePostgres
import Support
import Synchronization
import Testing

/// Servers that go away, answers that get lost.
@Suite struct PostgresLossTests {
    @Test func `a read that loses its connection is run again`() async throws {
        let store = try await PostgresUnderTest.open()
        try await store.database.add(1)
        let runs = Atomic<Int>(0)
        let gate = Gate()
        async let ids = store.database.read { tx in
            let ids = try tx.ids()
            if runs.add(1, ordering: .relaxed).newValue == 1 { gate.pass() }
            return try ids + tx.ids()
        }
        await gate.isReached()
        try await store.terminate()
        gate.open()
        #expect(try await ids == [1, 1])
        #expect(runs.load(ordering: .relaxed) == 2)
    }

    @Test func `a write that loses its connection before the commit is run again, and happens once`() async throws {
        let store = try await PostgresUnderTest.open()
        let held = await store.hold()
        let gate = Gate()
        let runs = Atomic<Int>(0)
        let first = await held.begin { try $0.add(1) }
        let second = await held.begin { tx in
            try tx.add(2)
            if runs.add(1, ordering: .relaxed).newValue == 1 { gate.pass() }
            try tx.add(3)
        }
        try await held.release()
        await gate.isReached()
        try await store.terminate()
        gate.open()
        try await first.value
        try await second.value
        #expect(try await store.database.ids() == [1, 2, 3])
        #expect(runs.load(ordering: .relaxed) == 2)
    }

    @Test func `a store whose connections were ended between two requests does not notice`() async throws {
        let store = try await PostgresUnderTest.open()
        try await store.database.add(1)
        #expect(try await store.database.ids() == [1])
        try await store.terminate()
        try await store.database.add(2)
        #expect(try await store.database.ids() == [1, 2])
    }

    @Test(arguments: [FaultyWire.Fault.losesCommitAnswer, .losesCommit])
    func `a commit whose answer is lost has its true outcome found, and happens once`(
        fault: FaultyWire.Fault
    ) async throws {
        let wire = Mutex<FaultyWire?>(nil)
        let store = try await PostgresUnderTest.open(.unprepared) { scratch in
            let new = try FaultyWire.start(to: scratch.cluster.port)
            wire.withLock { $0 = new }
            return new
        }
        defer { wire.withLock { $0?.end() } }
        try await store.database.add(1)
        let held = await store.hold()
        let runs = Atomic<Int>(0)
        let writes = [
            await held.begin { tx in
                runs.add(1, ordering: .relaxed)
                try tx.add(2)
            },
            await held.begin { try $0.add(3) },
        ]
        let refused = await held.begin { try $0.add(1) }
        wire.withLock { $0?.set(fault) }
        try await held.release()
        for write in writes { try await write.value }
        await #expect(throws: UniqueViolation()) { try await refused.value }
        #expect(try await store.database.ids() == [1, 2, 3])
        // Once to find out that one of them has to be undone. A commit that never arrived is made again; one that did
        // is not.
        if case .losesCommit = fault { #expect(runs.load(ordering: .relaxed) == 3) }
        if case .losesCommitAnswer = fault { #expect(runs.load(ordering: .relaxed) == 2) }
    }

    @Test func `a store that is away is said to be, and is used again when it is back`() async throws {
        var limits = PostgresLimits.one
        limits.reconnectMilliseconds = 100
        let wire = Mutex<FaultyWire?>(nil)
        let store = try await PostgresUnderTest.open(limits) { scratch in
            let new = try FaultyWire.start(to: scratch.cluster.port)
            wire.withLock { $0 = new }
            return new
        }
        defer { wire.withLock { $0?.end() } }
        try await store.database.add(1)
        wire.withLock { wire in
            wire?.set(.refuses)
            wire?.cut()
        }
        for _ in 0..<2 {
            let write = await #expect(throws: Failure.self) { try await store.database.add(2) }
            #expect(write?.type == .storeLost)
            #expect(write?.retryAfterSeconds == 1)
            let read = await #expect(throws: Failure.self) { _ = try await store.database.ids() }
            #expect(read?.type == .storeLost)
        }
        wire.withLock { $0?.set(nil) }
        try await store.database.add(2)
        #expect(try await store.database.ids() == [1, 2])
    }

    @Test func `a server that says nothing is given up, and found again`() async throws {
        var limits = PostgresLimits.one
        limits.statementMilliseconds = 2000
        limits.reconnectMilliseconds = 0
        let wire = Mutex<FaultyWire?>(nil)
        let store = try await PostgresUnderTest.open(limits) { scratch in
            let new = try FaultyWire.start(to: scratch.cluster.port)
            wire.withLock { $0 = new }
            return new
        }
        defer { wire.withLock { $0?.end() } }
        try await store.database.add(1)
        wire.withLock { $0?.set(.swallows) }
        let refusal = await #expect(throws: Failure.self) { try await store.database.add(2) }
        #expect(refusal?.type == .storeLost)
        wire.withLock { $0?.set(nil) }
        try await store.database.add(3)
        #expect(try await store.database.ids() == [1, 3])
    }
}

/// Transactions in each other's way.
@Suite struct PostgresContentionTests {
    /// Two writers of two instances lock two rows in different orders, and each has the first before it asks for the
    /// second.
    @Test func `writes that deadlock both happen`() async throws {
        let store = try await PostgresUnderTest.open()
        let other = try await store.another()
        _ = try await store.database.write { try $0.execute("INSERT INTO note (id, body) VALUES (1, ''), (2, '')") }
        let gates = [Gate(), Gate()]
        let tasks = zip([store.database, other], [(1, 2), (2, 1)]).enumerated().map { index, pair in
            let (database, (first, second)) = pair
            let runs = Counter()
            return Task {
                try await database.write { tx in
                    try tx.execute("UPDATE note SET body = body || \("a") WHERE id = \(first)")
                    if runs.next() == 1 { gates[index].pass() }
                    try tx.execute("UPDATE note SET body = body || \("b") WHERE id = \(second)")
                }
            }
        }
        for gate in gates { await gate.isReached() }
        for gate in gates { gate.open() }
        for task in tasks { _ = try await task.value }
        let bodies = try await store.database.read { tx in
            try tx.rows("SELECT body FROM note ORDER BY id").map { try $0.text(0).count }
        }
        #expect(bodies == [2, 2])
    }

    /// Changes a row and holds its transaction open until the gate is opened.
    private func lockFirstNote(_ database: PostgresDatabase) async -> (Gate, Task<Void, any Error>) {
        let gate = Gate()
        let locking = Task {
            try await database.write { tx in
                try tx.execute("UPDATE note SET body = \("locked") WHERE id = 1")
                gate.pass()
            }
        }
        await gate.isReached()
        return (gate, locking)
    }

    @Test func `a batch that meets a locked row commits what it has, and the rest waits`() async throws {
        var limits = PostgresLimits.one
        // The row stays locked for as long as this test has to wait for its turns.
        limits.contentionMilliseconds = 600_000
        limits.attempts = 1_000
        limits.idleMilliseconds = 600_000
        let store = try await PostgresUnderTest.open(limits)
        let other = try await store.another(limits)
        try await store.database.add(1)
        let (gate, locking) = await lockFirstNote(other)
        let held = await store.hold()
        let before = await held.begin { try $0.add(2) }
        let blocked = await held.begin { try $0.execute("UPDATE note SET data = \([UInt8]([1])) WHERE id = 1") }
        let behind = await held.begin { try $0.add(3) }
        try await held.release()
        // Both are through although the row is locked still.
        try await before.value
        try await behind.value
        gate.open()
        try await locking.value
        #expect(try await blocked.value == 1)
        let row = try await store.database.read { try $0.first("SELECT body, data FROM note WHERE id = 1") }
        #expect(row == Row([.text("locked"), .blob([1])]))
    }

    @Test func `a row that stays locked is a store that is busy, not a wait without end`() async throws {
        var limits = PostgresLimits.one
        limits.lockMilliseconds = 50
        limits.attempts = 2
        let store = try await PostgresUnderTest.open(limits)
        let other = try await store.another()
        try await store.database.add(1)
        let (gate, locking) = await lockFirstNote(other)
        let refusal = await #expect(throws: Failure.self) {
            try await store.database.write { try $0.execute("UPDATE note SET body = \("x") WHERE id = 1") }
        }
        #expect(refusal?.type == .storeBusy)
        #expect(refusal?.retryAfterSeconds == 1)
        gate.open()
        try await locking.value
    }

    @Test func `a statement that takes too long is ended, and its neighbours are not`() async throws {
        var limits = PostgresLimits.one
        limits.statementMilliseconds = 3000
        let store = try await PostgresUnderTest.open(limits)
        let held = await store.hold()
        let quick = await held.begin { try $0.add(1) }
        let slow = await held.begin { tx in
            try tx.add(2)
            _ = try tx.first("SELECT CAST(pg_sleep(60) AS TEXT)")
        }
        try await held.release()
        try await quick.value
        let refusal = await #expect(throws: Failure.self) { try await slow.value }
        #expect(refusal?.type == .storeBusy)
        #expect(try await store.database.ids() == [1])
    }

    @Test func `a process that stopped within a transaction holds its rows for a while only`() async throws {
        var limits = PostgresLimits.one
        limits.idleMilliseconds = 2000
        limits.attempts = 1
        let store = try await PostgresUnderTest.open(limits)
        let other = try await store.another()
        try await store.database.add(1)
        let gate = Gate()
        let stopped = Task {
            try await store.database.write { tx in
                try tx.execute("UPDATE note SET body = \("stopped") WHERE id = 1")
                gate.pass()
                try tx.execute("UPDATE note SET body = \("awake") WHERE id = 1")
            }
        }
        await gate.isReached()
        _ = try await other.write { try $0.execute("UPDATE note SET body = \("other") WHERE id = 1") }
        gate.open()
        let refusal = await #expect(throws: Failure.self) { _ = try await stopped.value }
        #expect(refusal?.type == .storeLost)
        #expect(try await store.ask("SELECT body FROM note") == "other\n")
    }
}

/// Counts calls, from one.
private final class Counter: Sendable {
    private let value = Atomic<Int>(0)

    func next() -> Int { value.add(1, ordering: .relaxed).newValue }
}

/// Servers that may not be written, or not be used at all.
@Suite struct PostgresRefusalTests {
    @Test func `a store that becomes read-only refuses writes, still reads, and recovers`() async throws {
        let store = try await PostgresUnderTest.open()
        try await store.database.add(1)
        let name = store.scratch.url.split(separator: "/").last ?? ""
        let cluster = store.scratch.cluster
        try await cluster.administrate("ALTER DATABASE \(name) SET default_transaction_read_only = on")
        try await store.terminate()
        let refusal = await #expect(throws: Failure.self) { try await store.database.add(2) }
        #expect(refusal?.type == .storeReadOnly)
        #expect(try await store.database.ids() == [1])
        await #expect(throws: PostgresOpenError.self) { try await store.another() }
        try await cluster.administrate("ALTER DATABASE \(name) RESET default_transaction_read_only")
        // The connection that was refused is not used again.
        try await store.database.add(2)
        #expect(try await store.database.ids() == [1, 2])
    }

    private func reason(_ url: String) async -> String {
        guard let location = PostgresLocation(url: url) else { return "no address" }
        var limits = PostgresLimits.one
        limits.reconnectMilliseconds = 0
        do {
            try await PostgresDatabase.open(location, limits: limits).close()
            return "open"
        } catch {
            return "\(error)"
        }
    }

    @Test func `what stops a start names the mend`() async throws {
        let scratch = try await PostgresScratch.make(isMigrated: false)
        let port = scratch.cluster.port
        #expect(await reason(scratch.url) == "open")
        #expect(await reason("postgres://chexin@127.0.0.1:\(port)/nowhere").contains("createdb"))
        #expect(await reason("postgres://nobody@127.0.0.1:\(port)/postgres").contains("user"))
        #expect(await reason("postgres://chexin@127.0.0.1:1/chexin").contains("host and port"))
        #expect(await reason("postgres://chexin@no-such-host.invalid/chexin").contains("host and port"))
        #expect(await reason("\(scratch.url)?sslmode=require").contains("TLS"))
        #expect(await reason("\(scratch.url)?target_session_attrs=standby").contains("cannot be reached"))
        #expect(await reason("\(scratch.url)?sslmode=perhaps").contains("libpq"))
        let name = scratch.url.split(separator: "/").last ?? ""
        try await scratch.cluster.administrate("ALTER DATABASE \(name) SET default_transaction_read_only = on")
        #expect(await reason(scratch.url).contains("standby"))
        #expect(await reason("\(scratch.url)?target_session_attrs=read-write").contains("standby"))
    }

    /// The tests' cluster is one that may lose everything.
    @Test func `a server that may lose what it acknowledged is warned of, and a user whom nothing binds`() async throws
    {
        let scratch = try await PostgresScratch.make(isMigrated: false)
        func warnings(_ url: String) async throws -> [String] {
            let database = try await PostgresDatabase.open(try #require(PostgresLocation(url: url)), limits: .one)
            defer { Task { try await database.close() } }
            return database.warnings
        }
        let own = try await warnings(scratch.url)
        #expect(own.count == 2)
        #expect(own.first?.contains("fsync = off") == true)
        #expect(own.last?.contains("full_page_writes = off") == true)
        let superuser = try await warnings(scratch.url.replacing("\(PostgresCluster.user)@", with: "postgres@"))
        #expect(superuser.last?.contains("superuser") == true)
        let durable = try await PostgresCluster.start(isDurable: true)
        #expect(try await warnings(durable.url("postgres")) == [])
        try durable.abandon()
    }

    @Test func `several hosts are tried in turn`() async throws {
        let scratch = try await PostgresScratch.make(isMigrated: false)
        let url = scratch.url.replacing("127.0.0.1:", with: "127.0.0.1:1,127.0.0.1:")
        #expect(await reason("\(url)?target_session_attrs=read-write") == "open")
    }

    /// A cluster of its own: what it is told about TLS and passwords would be in everybody's way.
    @Test func `a wrong certificate and a wrong password are refused, and the password is not repeated`() async throws {
        let cluster = try await PostgresCluster.start()
        let files = try TemporaryDirectory()
        try await cluster.administrate(
            """
            ALTER ROLE chexin PASSWORD 'right';
            COPY (SELECT '') TO PROGRAM 'openssl req -new -x509 -days 2 -nodes -subj /CN=db.example \
            -addext subjectAltName=DNS:db.example -keyout server.key -out server.crt 2>/dev/null';
            COPY (SELECT 'hostssl all chexin all scram-sha-256') TO PROGRAM \
            'cat - pg_hba.conf >pg_hba.new && mv pg_hba.new pg_hba.conf';
            ALTER SYSTEM SET ssl = on;
            """
        )
        try await cluster.administrate("SELECT pg_reload_conf()")
        let certificate = try await cluster.administrate("SELECT pg_read_file('server.crt')")
        try files.write(certificate, to: "root.crt")
        let host = "127.0.0.1:\(cluster.port)/postgres"
        let trusted = "sslrootcert=\(files.path("root.crt"))"
        // The server notices its new settings in a moment of its own.
        while await reason("postgres://chexin:right@\(host)?sslmode=require") != "open" {}
        #expect(await reason("postgres://chexin:right@\(host)?sslmode=verify-ca&\(trusted)") == "open")
        #expect(await reason("postgres://chexin:right@\(host)?sslmode=verify-full&\(trusted)").contains("TLS"))
        #expect(await reason("postgres://chexin:right@\(host)?sslmode=verify-ca").contains("TLS"))
        let wrong = await reason("postgres://chexin:geheim@\(host)?sslmode=require")
        #expect(wrong.contains("refused the password"))
        #expect(!wrong.contains("geheim"))
        #expect(await reason("postgres://chexin@\(host)?sslmode=require").contains("asks for a password"))
        try files.write("127.0.0.1:*:*:chexin:right\n", to: "pgpass")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: files.path("pgpass"))
        #expect(await reason("postgres://chexin@\(host)?sslmode=require&passfile=\(files.path("pgpass"))") == "open")
        try cluster.abandon()
    }
}
