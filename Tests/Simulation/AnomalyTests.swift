import Cryptography
import Foundation
import Support
import Testing

/// Sixteen clients append to the histories of two hundred cars and read them, while the servers are killed and stopped.
@Suite(.serialized) struct AnomalyTests {
    private static let isLong = ProcessInfo.processInfo.environment["CHEXIN_TEST_LONG"] != nil
    private static let upsets = isLong ? 200 : 3
    /// Between two upsets.
    private static let leastAnswers = 80
    private static let clients = 16
    private static let vins = (0..<200).map { testVIN($0) }

    @Test(.timeLimit(.minutes(60)), arguments: Engine.allCases)
    func `no client ever saw what one list in one place would not have shown`(engine: Engine) async throws {
        let fleet = try await Fleet.start(engine)
        let operations = try await withThrowingTaskGroup(of: [ListAppend.Operation].self) { group in
            for client in 0..<AnomalyTests.clients {
                let visitor = Visitor(client: client, fleet: fleet)
                group.addTask { try await visitor.run(AnomalyTests.vins) }
            }
            var random = SeededRandom(seed: 20_261_123)
            try await fleet.upset(
                times: AnomalyTests.upsets,
                milliseconds: 200...800,
                answers: AnomalyTests.leastAnswers,
                using: &random
            )
            fleet.finish()
            return try await group.reduce(into: []) { $0 += $1 }
        }
        var chains: [String: [String]] = [:]
        for vin in AnomalyTests.vins { chains[vin] = try await fleet.chain(vin) }
        #expect(ListAppend.anomalies(in: operations, lists: chains) == [])
        let appends = operations.count { if case .append = $0.action { true } else { false } }
        #expect(appends > AnomalyTests.upsets * AnomalyTests.leastAnswers / 4)
        #expect(operations.count - appends > AnomalyTests.upsets * AnomalyTests.leastAnswers / 4)
        #expect(await fleet.stop())
        let check = try await fleet.fsck()
        #expect(check.status == 0)
        #expect(check.entries == Int64(appends))
    }
}

/// A client, and everything that it did. An append that had to be repeated is one, from its first question to its
/// answer.
private struct Visitor: Sendable {
    let client: Int
    let fleet: Fleet

    func run(_ vins: [String]) async throws -> [ListAppend.Operation] {
        var random = SeededRandom(seed: UInt64(1000 + client))
        var operations: [ListAppend.Operation] = []
        for step in 0... {
            guard !fleet.isFinished else { break }
            let vin = vin(of: vins, using: &random)
            let asked = fleet.tick()
            guard let action = try await act(on: vin, step, using: &random) else { continue }
            operations.append(
                ListAppend.Operation(client: client, key: vin, asked: asked, answered: fleet.tick(), action: action)
            )
        }
        return operations
    }

    /// Half of the time one of a few, so that they get in each other's way.
    private func vin(of vins: [String], using random: inout SeededRandom) -> String {
        let isPopular = Bool.random(using: &random)
        return vins[Int.random(in: 0..<(isPopular ? 5 : vins.count), using: &random)]
    }

    private func act(on vin: String, _ step: Int, using random: inout SeededRandom) async throws -> ListAppend.Action? {
        if Bool.random(using: &random) {
            let entry = try await fleet.append(vin: vin, km: step, ref: "\(client)-\(step)", using: &random)
            return .append(entry.hash, position: entry.seq)
        }
        guard let lines = try await fleet.lines(vin, using: &random) else { return nil }
        return .read(lines.map { SHA256.hash($0).hex })
    }
}
