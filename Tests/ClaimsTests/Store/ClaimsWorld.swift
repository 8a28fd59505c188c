import Accounts
import Claims
import Core
import Cryptography
import History
import Identity
import Jobs
import Logging
import Storage
import Support
import Testing
import Web

@testable import Warranty

/// A store with a platform, a dealer and a car that it sold with a contract; and short words for what people do.
struct ClaimsWorld: Sendable {
    static let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    static let buyer = ClaimActor(.buyer)

    let store: TestStore
    let dealer: Organization
    let warranty: WarrantyID
    let warranties: Warranties
    let claims: Claims

    var advances: Advances { Advances(claims) }
    var database: any Database { store.database }
    var clock: ManualClock { store.clock }
    var dealerActor: ClaimActor { ClaimActor(Caller(.dealer, dealer.id.text)) }

    static func open(
        _ engine: Engine,
        in place: TestStore.Place = .memory,
        guide: RepairGuide = .sample,
        calendar: WorkingCalendar = .stateCouncil
    ) async throws -> ClaimsWorld {
        let store = try await TestStore.open(engine, in: place)
        let pepper = SecretBytes([UInt8](repeating: 5, count: 32))
        _ = try await Bootstrap.firstAdministrator(store.database, pepper: pepper)
        let draft = Organization.Draft(kind: .dealer, name: "测试车行", uscc: try USCC(parsing: "91110108551385082Q"))
        let warranties = Warranties(
            editions: WarrantyEditions(),
            histories: Histories(log: "test.example/chexin"),
            market: nil
        )
        let (dealer, warranty) = try await store.database.writeRetrying { tx in
            let dealer = try Organizations.create(tx, draft, from: .system)
            return (dealer, try sell(tx, warranties, dealer))
        }
        let claims = Claims(
            histories: warranties.histories,
            warranties: warranties,
            editions: ClaimEditions(guide: guide, calendar: calendar)
        )
        return ClaimsWorld(store: store, dealer: dealer, warranty: warranty, warranties: warranties, claims: claims)
    }

    private static func sell(
        _ tx: any Transaction,
        _ warranties: Warranties,
        _ dealer: Organization
    ) throws -> WarrantyID {
        let request = QuoteRequest(sale: .sample(sold: "2026-03-01"), isWithPackage: false)
        let made = try warranties.quote(tx, request, dealer: dealer.id)
        let sale = Warranties.Sale(
            quote: made.stored.id,
            issue: IssueRequest(
                tier: "plus",
                deliveredOn: request.sale.soldOn,
                odometerKm: request.sale.odometerKm,
                acknowledged: Set(made.quote.offers.map(\.wordingHash))
            ),
            holder: buyer.caller.id,
            isPaid: true
        )
        let principal = Principal(organization: dealer.id.text, role: .dealer, scopes: [], credential: "key_1")
        return try warranties.issue(tx, sale, by: principal, from: .system).id
    }

    /// The same world, with the store that was found after the process had died.
    func found(in wreck: TemporaryDirectory) async throws -> ClaimsWorld {
        ClaimsWorld(
            store: try await TestStore.open(wreck, clock: clock),
            dealer: dealer,
            warranty: warranty,
            warranties: warranties,
            claims: claims
        )
    }

    // MARK: People's deeds

    @discardableResult
    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any Transaction) throws -> Result
    ) async throws -> Result {
        try await database.writeRetrying(body)
    }

    func draft(component: String? = "engine.crank.crankshaft") -> ClaimDraft {
        ClaimDraft(
            warranty: warranty,
            component: component,
            odometerKm: 71_000,
            noticedOn: clock.now().dateInChina,
            symptom: "怠速异响，机油灯亮",
            evidence: [diagnosis]
        )
    }

    func file() async throws -> ClaimID {
        let draft = draft()
        return try await write { tx in try claims.file(tx, draft, by: Self.buyer).id }
    }

    @discardableResult
    func act(_ id: ClaimID, _ input: ClaimInput, by actor: ClaimActor, why: String? = "说明") async throws -> Claim {
        try await write { tx in try claims.act(tx, id, input, by: actor, why: why).claim }
    }

    /// - Returns: the type of the refusal.
    func refusal(_ id: ClaimID, _ input: ClaimInput, by actor: ClaimActor) async throws -> ProblemType? {
        do {
            try await act(id, input, by: actor)
            return nil
        } catch let failure as Failure {
            return failure.type
        }
    }

    func claim(_ id: ClaimID) async throws -> Claim {
        try await database.read { tx in try claims.get(tx, id, for: .system).claim }
    }

    func offer(_ way: Offer.Way, yuan: Int64) -> Offer {
        .sample(way, yuan: yuan, validUntil: clock.now().adding(days: 7))
    }

    /// Answered, being assessed.
    func assessing() async throws -> ClaimID {
        let id = try await file()
        try await act(id, .answer, by: .junior)
        try await act(id, .assess, by: .junior)
        return id
    }

    /// Offered and accepted by the buyer; ruled against the dealer where that is asked.
    func accepted(yuan: Int64 = 480, isDealers: Bool = false) async throws -> ClaimID {
        let id = try await assessing()
        if isDealers { try await act(id, .rule(.dealer), by: .senior) }
        try await offered(id, yuan: yuan)
        return id
    }

    /// And accepted.
    func offered(_ id: ClaimID, yuan: Int64) async throws {
        try await act(id, .propose(offer(.payment, yuan: yuan)), by: .junior)
        try await act(id, .accept, by: Self.buyer)
    }

    /// And the money about to be paid.
    func approved(_ id: ClaimID, yuan: Int64) async throws {
        try await act(id, .approve(fen(yuan: yuan), signatures: 1), by: yuan > 500 ? .manager : .junior)
        try await act(id, .startPayment, by: .finance)
    }

    /// Approved, and the money about to be paid.
    func paying(yuan: Int64 = 480, isDealers: Bool = false) async throws -> ClaimID {
        let id = try await accepted(yuan: yuan, isDealers: isDealers)
        try await approved(id, yuan: yuan)
        return id
    }

    // MARK: The clock

    func drain() async throws {
        try await worker().drain()
    }

    func worker() -> JobWorker {
        JobWorker(database: database, handlers: claims.handlers, logger: Self.logger, pause: { _ in })
    }

    /// The server was down for so long.
    func sleep(hours: Int64) async throws {
        clock.advance(seconds: hours * 3600)
        try await drain()
    }

    // MARK: Money

    func fund(yuan: Int64) async throws {
        try await write { try Book.fund($0, fen(yuan: yuan), Occasion("f", reason: "注资", by: "usr_owner")).isNew }
    }

    func deposit(yuan: Int64) async throws {
        try await write { tx in
            try Book.deposit(tx, by: dealer.id.text, fen(yuan: yuan), Occasion("d", reason: "保证金", by: "usr_1")).isNew
        }
    }

    func balance(_ account: AccountName) async throws -> Money {
        try await database.read { try Book.balance($0, account) }
    }

    @discardableResult
    func act(_ id: AdvanceID, _ input: AdvanceInput, by actor: ClaimActor) async throws -> Advance {
        try await write { tx in try advances.act(tx, id, input, by: actor, why: "说明") }
    }

    /// The one that a claim has.
    func advance(of id: ClaimID) async throws -> Advance {
        try #require(try await database.read { try advances.all($0, of: id) }.last)
    }

    // MARK: What must hold

    /// The whole book, from its first journal on.
    func expectBookVerified(at location: SourceLocation = #_sourceLocation) async throws {
        let verdict = try await database.read { tx in try Book.verify(tx) }
        #expect(verdict.findings == [], sourceLocation: location)
    }

    func expectWhole(_ id: ClaimID, at location: SourceLocation = #_sourceLocation) async throws {
        try await expectBookVerified(at: location)
        try await expectSound(id, at: location)
    }

    /// The rows that are made of facts are what the facts make, and the book says what the advances say.
    func expectSound(_ id: ClaimID, at location: SourceLocation = #_sourceLocation) async throws {
        let claim = try await claim(id)
        let made = self.advances
        let advances: [Advance] = try await database.read { tx in try made.all(tx, of: id) }
        #expect(claim.paid <= claim.approved ?? .zero, sourceLocation: location)
        let live = advances.filter(\.isLive)
        #expect(Set(live.map(\.terms.head)).count == live.count, sourceLocation: location)
        for advance in live {
            let sum = advance.recovered.fen + advance.writtenOff.fen + advance.outstanding.fen
            #expect(advance.advanced.fen == sum, sourceLocation: location)
            let recourse = try await database.read { tx in
                try Book.recourse(tx, from: advance.terms.dealer, for: advance.loss)
            }
            #expect(recourse.isWhole, sourceLocation: location)
            #expect(recourse.outstanding == advance.outstanding, sourceLocation: location)
        }
        let rows = try await database.read { tx in
            try tx.rows("SELECT number FROM claim_fact WHERE claim = \(id.text) ORDER BY number").map {
                try $0.integer(0)
            }
        }
        #expect(rows == claim.facts.map(\.number), sourceLocation: location)
    }
}

extension ClaimActor {
    static let junior = ClaimActor(.junior, certifiedUntil: day("2027-12-31"))
    static let intermediate = ClaimActor(.intermediate, certifiedUntil: day("2027-12-31"))
    static let senior = ClaimActor(.senior, certifiedUntil: day("2027-12-31"))
    static let manager = ClaimActor(.manager, certifiedUntil: day("2027-12-31"))
    static let secondManager = ClaimActor(Caller(.manager, "usr_manager_2"), certifiedUntil: day("2027-12-31"))
    static let finance = ClaimActor(.finance)
}
