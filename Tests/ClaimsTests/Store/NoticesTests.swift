import Claims
import Core
import Cryptography
import Identity
import Outbound
import Storage
import Support
import Testing

@testable import Watches

/// What goes to a dealer's programs.
@Suite struct NoticesTests {
    @Test(arguments: Engine.allCases)
    func `a dealer's webhook is told of a claim in the transaction that files it`(engine: Engine) async throws {
        let world = try await ClaimsWorld.open(engine)
        let watches = Watches(wrapping: SecretBytes([UInt8](repeating: 3, count: 32)))
        let asked: JSON = ["kind": "notices", "types": ["claim.ended", "claim.filed"]]
        let known = Set(DealerNotice.noticeTypes.map(\.name))
        let draft = try Watch.Draft(reading: asked, policy: OutboundPolicy(), types: known)
        let dealer = world.dealer.id
        let watch = try await world.write { tx in
            try watches.create(tx, draft, of: dealer, from: .system).watch
        }
        let id = try await world.file()
        // A type that was not asked for.
        try await world.act(id, .answer, by: .junior)
        let told = try await world.database.read { tx in
            try tx.rows("SELECT type, body FROM delivery WHERE watch = \(watch.id.text) ORDER BY sequence").map {
                (type: try $0.text(0), body: try JSONParser.parse(Array(try $0.text(1).utf8)))
            }
        }
        #expect(told.map(\.type) == ["claim.filed"])
        #expect(told.first?.body["data"]?["claim"]?.stringValue == id.text)
    }
}
