import Core
import Cryptography
import Ledger
import Storage
import Support
import Synchronization
import Testing

@testable import TransparencyLog

/// A witness by the rules of the protocol, without a network.
final class FakeWitness: Sendable {
    let signer: NoteSigner
    private let keys: [VerifierKey]
    private let last = Mutex(WitnessState.nothing)
    /// The statuses of its answers.
    private let answered = Mutex<[Int]>([])

    init(_ name: String, seed: UInt8, log: TransparencyLog) throws {
        let key = try Ed25519.PrivateKey(seed: SecretBytes([UInt8](repeating: seed, count: 32)))
        signer = try #require(NoteSigner(name: name, algorithm: .cosignature, key: key))
        keys = log.keys.verifierKeys
    }

    var statuses: [Int] { answered.withLock { $0 } }
    var state: WitnessState { last.withLock { $0 } }

    func set(_ state: WitnessState) { last.withLock { $0 = state } }

    func answer(_ body: [UInt8]) throws -> WitnessRound.Answer {
        let state = self.state
        let decision = AddCheckpointRequest.decide(body, keys: { _ in keys }, last: { _ in state })
        answered.withLock { $0.append(decision.status) }
        switch decision {
        case .cosign(let checkpoint):
            set(WitnessState(size: checkpoint.size, root: checkpoint.root))
            let line = try signer.sign(checkpoint.text, atSeconds: 1_780_000_000).line
            return WitnessRound.Answer(status: 200, body: Array("— other.example Zm9vYmFy\n\(line)\n".utf8))
        case .conflict(let size): return WitnessRound.Answer(status: 409, body: Array("\(size)\n".utf8))
        default: return WitnessRound.Answer(status: decision.status, body: [])
        }
    }
}

@Suite struct WitnessTests {
    private struct World {
        let log: LogWorld
        let witnesses: [FakeWitness]
        let policy: LogPolicy

        /// Two witnesses, of which both have to sign.
        static func open() async throws -> World {
            let log = try await LogWorld.open()
            let witnesses = try [UInt8(41), 42].map { try FakeWitness("w\($0).example", seed: $0, log: log.log) }
            let lines = witnesses.enumerated().map { "witness w\($0) \($1.signer.verifierKey.text) test:\($0)" }
            let policy = try LogPolicy(
                parsing: (["log \(log.log.keys.verifierKeys[0].text)"] + lines + ["group all all w0 w1", "quorum all"])
                    .joined(separator: "\n")
            )
            return World(log: log, witnesses: witnesses, policy: policy)
        }

        func round(_ log: TransparencyLog? = nil) -> WitnessRound {
            WitnessRound(log: log ?? self.log.log, policy: policy) { [witnesses] url, body in
                let place = url.hasPrefix("test:0") ? 0 : 1
                return try witnesses[place].answer(body)
            }
        }

        func newest() async throws -> (note: SignedNote, size: Int64)? {
            try await log.store.database.read { [policy] tx in
                try Cosignatures.newest(tx, policy).map { ($0.note, $0.size) }
            }
        }
    }

    @Test func `every witness signs the same checkpoint, and then the one that extends it`() async throws {
        let world = try await World.open()
        for (cars, size) in [(0..<3, Int64(3)), (3..<300, 300)] {
            try await world.log.store.database.write { tx in for car in cars { try world.log.add(tx, car, 1) } }
            let outcomes = try await world.round().run()
            #expect(outcomes == ["w0": .signed(size: size), "w1": .signed(size: size)])
            let newest = try #require(try await world.newest())
            #expect(newest.size == size)
            #expect(try world.policy.checkpoint(in: newest.note).size == size)
        }
        #expect(try await world.round().run() == ["w0": .nothingNew, "w1": .nothingNew])
        #expect(world.witnesses.flatMap(\.statuses) == [200, 200, 200, 200])
    }

    @Test func `a witness that stands elsewhere is asked again from there`() async throws {
        let world = try await World.open()
        for car in 0..<5 { try await world.log.add(car, 1) }
        world.witnesses[1].set(WitnessState(size: 2, root: try await world.log.expectedRoot(of: 2)))
        #expect(try await world.round().run()["w1"] == .signed(size: 5))
        #expect(world.witnesses[1].statuses == [409, 200])
    }

    @Test func `a witness that has signed more than the store has stops the log`() async throws {
        let world = try await World.open()
        for car in 0..<5 { try await world.log.add(car, 1) }
        world.witnesses[0].set(WitnessState(size: 9, root: LogWorld.car(0)))
        let failure = await #expect(throws: Failure.self) { try await world.round().run() }
        #expect(failure?.type == .logHalted)
        #expect(failure?.detail.en.contains("has 5 entries, and a checkpoint of 9") == true)
        await #expect(throws: Failure.self) { try await world.log.add(6, 1) }
    }

    @Test func `a forked log gets no signature`() async throws {
        let world = try await World.open()
        for car in 0..<5 { try await world.log.add(car, 1) }
        world.witnesses[0].set(WitnessState(size: 3, root: LogWorld.car(7)))
        #expect(try await world.round().run()["w0"] == .refused(status: 422))
        #expect(try await world.newest() == nil)
    }

    @Test func `until so many have signed as the policy wants, the newest checkpoint is shown without`() async throws {
        let world = try await World.open()
        for car in 0..<2 { try await world.log.add(car, 1) }
        let log = TransparencyLog(
            keys: world.log.log.keys,
            database: world.log.store.database,
            policy: world.policy
        )
        world.witnesses[0].set(WitnessState(size: 1, root: LogWorld.car(7)))
        _ = try await world.round().run()
        let alone = try await world.log.store.database.read { try log.published($0) }
        let unsigned = try await world.log.head().note
        #expect(alone == unsigned)
        world.witnesses[0].set(.nothing)
        try await world.log.add(2, 1)
        _ = try await world.round().run()
        let shown = try #require(try await world.log.store.database.read { try log.published($0) })
        #expect(try world.policy.checkpoint(in: SignedNote(parsing: Array(shown.utf8))).size == 3)
        // The index stays behind what they have signed, so that a bundle shows both, and goes on without them at last.
        try await world.log.add(3, 1)
        try await log.catchUp()
        #expect(try await world.log.index().size == 3)
        world.log.store.clock.advance(seconds: Cosignatures.patienceSeconds)
        try await log.catchUp()
        #expect(try await world.log.index().size == 4)
    }

    @Test func `no answer is no failure`() async throws {
        let world = try await World.open()
        try await world.log.add(0, 1)
        let round = WitnessRound(log: world.log.log, policy: world.policy) { _, _ in throw Away() }
        #expect(try await round.run() == ["w0": .refused(status: 0), "w1": .refused(status: 0)])
        let silent = WitnessRound(log: world.log.log, policy: world.policy) { _, _ in
            WitnessRound.Answer(status: 200, body: Array("nothing\n".utf8))
        }
        #expect(try await silent.run() == ["w0": .refused(status: 200), "w1": .refused(status: 200)])
    }

    private struct Away: Error {}
}
