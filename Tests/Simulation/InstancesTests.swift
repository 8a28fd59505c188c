import Core
import Foundation
import Support
import Testing

/// Four servers on one database, of which any may be killed or stopped at any moment.
@Suite(.serialized) struct InstancesTests {
    private static let isLong = ProcessInfo.processInfo.environment["CHEXIN_TEST_LONG"] != nil
    private static let upsets = isLong ? 300 : 5
    /// Between two upsets.
    private static let leastAcknowledged = 20
    private static let writers = 8
    private static let vins = (0..<5).map { testVIN($0) }

    @Test(.timeLimit(.minutes(60)))
    func `what any of four instances acknowledged is there once, whatever happened to them`() async throws {
        let fleet = try await Fleet.start(.postgres)
        let shown = Task { try await watch(fleet) }
        let acknowledged = try await withThrowingTaskGroup(of: [Acknowledged].self) { group in
            for writer in 0..<InstancesTests.writers {
                group.addTask { try await write(writer, to: fleet) }
            }
            var random = SeededRandom(seed: 20_261_122)
            try await fleet.upset(
                times: InstancesTests.upsets,
                milliseconds: 50...600,
                answers: InstancesTests.leastAcknowledged,
                using: &random
            )
            fleet.finish()
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(acknowledged.count >= InstancesTests.upsets * InstancesTests.leastAcknowledged)
        for vin in InstancesTests.vins {
            let chain = try await fleet.chain(vin)
            let entries = acknowledged.filter { $0.vin == vin }
            for entry in entries { #expect(chain.count > entry.seq && chain[entry.seq] == entry.hash, "\(entry)") }
            // Every append was repeated until it was acknowledged: there is none that nobody knows of.
            #expect(Set(entries.map(\.hash)).count == chain.count)
        }
        #expect(Set(acknowledged.map(\.hash)).count == acknowledged.count, "a ref was used once each")
        let count = acknowledged.count
        let tables = ["entry", "entry_ref", "entry_hash"]
        let counts = tables.map { "(SELECT COUNT(*) FROM \($0))" } + ["(SELECT SUM(entry_count) FROM vehicle)"]
        let row = try await fleet.query("SELECT \(counts.joined(separator: ", "))")
        #expect(row.trimmingCharacters(in: .newlines) == Array(repeating: "\(count)", count: 4).joined(separator: "|"))
        try await checkLog(fleet, try await shown.value, count)
        #expect(await fleet.stop())
        let check = try await fleet.fsck()
        #expect(check.status == 0)
        #expect(check.entries == Int64(count))
    }

    /// The checkpoints that any of them showed, whoever was killed meanwhile.
    private func watch(_ fleet: Fleet) async throws -> Set<String> {
        var shown: Set<String> = []
        while !fleet.isFinished {
            for client in fleet.clients {
                guard let answer = try? await client.send("GET", "/log/checkpoint"), answer.status == 200 else {
                    continue
                }
                shown.insert(answer.text)
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        return shown
    }

    /// Whoever holds the lease gives every entry its place, once; and of all that was ever signed there is one history.
    private func checkLog(_ fleet: Fleet, _ shown: Set<String>, _ count: Int) async throws {
        var size: JSON?
        for _ in 0..<400 where size != JSON(count) {
            let answer = try? await fleet.clients[0].send("GET", "/v1/log/consistency?from=0")
            size = answer.flatMap { try? JSONParser.parse($0.body) }?["to"]
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(size == JSON(count))
        #expect(!shown.isEmpty)
        for text in shown {
            let lines = text.split(separator: "\n")
            let answer = try await fleet.clients[1].send("GET", "/v1/log/consistency?from=\(lines[1])")
            #expect(try JSONParser.parse(answer.body)["from_root"] == JSON(String(lines[2])), "\(text)")
        }
        let audit = try await fleet.audit()
        #expect(audit.status == 0, "\(audit.complaint)")
    }

    private func write(_ writer: Int, to fleet: Fleet) async throws -> [Acknowledged] {
        var random = SeededRandom(seed: UInt64(writer))
        var acknowledged: [Acknowledged] = []
        while !fleet.isFinished {
            let vin = InstancesTests.vins[Int.random(in: 0..<InstancesTests.vins.count, using: &random)]
            let step = acknowledged.count
            acknowledged.append(
                try await fleet.append(vin: vin, km: step, ref: "\(writer)-\(step)", using: &random)
            )
        }
        return acknowledged
    }
}
