import Accounts
import Claims
import Core
import Identity
import Jobs
import Storage
import Support
import Testing

/// A desk at which everybody does anything, and the witness who looks at it after every step.
struct SimulatedDesk {
    struct Scale: Sendable {
        let claims: Int
        /// So many are worked on at a time.
        let openMaximum: Int
        let stepsPerClaim: Int
        let days: Int64
        /// That pass at most between two steps.
        let paceSeconds: Int64
        let sleepHours: Int64
        /// Of a thousand steps.
        let sleeps: Int
        let restarts: Int
        let stepsBetweenAudits: Int
        /// How often each kind of fact must have been seen, and whatever else there is.
        let least: Int

        static let small = Scale(
            claims: 120,
            openMaximum: 20,
            stepsPerClaim: 30,
            days: 170,
            paceSeconds: 1_800,
            sleepHours: 300,
            sleeps: 12,
            restarts: 8,
            stepsBetweenAudits: 400,
            least: 1
        )
        static let long = Scale(
            claims: 2_000,
            openMaximum: 40,
            stepsPerClaim: 25,
            days: 1_096,
            paceSeconds: 800,
            sleepHours: 160,
            sleeps: 4,
            restarts: 2,
            stepsBetweenAudits: 5_000,
            least: 25
        )
    }

    private static let sentMaximum = 200

    private(set) var world: ClaimsWorld
    private(set) var witness: SimulatedWitness
    private let scale: Scale
    private let isOnDisk: Bool
    private let dealers: [Organization]
    private var people: SimulatedPeople
    private var all: [ClaimID] = []
    private var open: [ClaimID] = []
    /// What was sent, to be sent again.
    private var sent: [SimulatedRequest] = []
    /// What is on its way, and comes after what was sent later.
    private var delayed: [SimulatedRequest] = []
    private var steps = 0

    init(_ world: ClaimsWorld, _ calendar: WorkingCalendar, seed: UInt64, _ scale: Scale) async throws {
        self.world = world
        self.scale = scale
        isOnDisk = try !world.store.bytesOnDisk().isEmpty
        witness = SimulatedWitness(SimulatedPeople.staff, calendar)
        people = SimulatedPeople(random: SeededRandom(seed: seed))
        var dealers = [world.dealer]
        for number in 0..<3 {
            let draft = Organization.Draft(kind: .dealer, name: "车行\(number)", uscc: try simulatedUSCC(number))
            dealers.append(try await world.write { try Organizations.create($0, draft, from: .system) })
        }
        self.dealers = dealers
    }

    mutating func run() async throws {
        let end = world.clock.now().adding(days: scale.days)
        while all.count < scale.claims || steps < scale.claims * scale.stepsPerClaim || world.clock.now() < end {
            if open.count < scale.openMaximum, all.count < scale.claims { try await file() }
            try await step()
        }
    }

    private mutating func file() async throws {
        let world = world
        var draft = world.draft()
        // Most rely on the law alone, each with another car.
        if all.count % 10 != 0 {
            draft.warranty = nil
            draft.vin = try simulatedVIN(all.count)
            draft.dealer = people.one(dealers).id
            draft.buyer = ClaimsWorld.buyer.caller.id
            draft.kind = people.one(Filing.Kind.allCases)
            draft.adviser = people.chance(10) ? "usr_intermediate" : nil
        }
        draft.isUrgent = people.chance(10)
        let made = draft
        let actor: ClaimActor = draft.warranty == nil ? SimulatedPeople.clerk : ClaimsWorld.buyer
        let id = try await world.write { tx in try world.claims.file(tx, made, by: actor).id }
        all.append(id)
        open.append(id)
        try await witness.look(world, expecting: id)
    }

    // MARK: A step

    private mutating func step() async throws {
        steps += 1
        world.clock.advance(seconds: .random(in: 0...scale.paceSeconds, using: &people.random))
        var touched: ClaimID?
        switch Int.random(in: 0..<1_000, using: &people.random) {
        case ..<scale.sleeps: try await sleep()
        case ..<(scale.sleeps + scale.restarts): try await restart()
        case 50..<60:
            world.clock.advance(seconds: .random(in: -7_200 ... -1, using: &people.random))
            witness.note("clock set back")
        case 60..<70: try await transfer()
        case 70..<140: try await world.drain()
        case 140..<180: touched = try await again()
        case 180..<220: touched = try await arrive()
        case 220..<370: touched = try await collect()
        default: touched = try await act()
        }
        try await witness.look(world, expecting: touched)
        if let touched { list(touched) }
        if steps % scale.stepsBetweenAudits == 0 { try await audit(open) }
    }

    private mutating func list(_ id: ClaimID) {
        let isOpen = witness.claims[id]?.isOpen == true
        if isOpen != open.contains(id) { isOpen ? open.append(id) : open.removeAll { $0 == id } }
    }

    private func audit(_ ids: [ClaimID]) async throws {
        let owing = witness.recovering.compactMap { witness.advances[$0]?.terms.claim }
        try await witness.audit(world, Array(Set(ids + owing)))
    }

    /// The server stops, comes back with nothing in its memory, and does what has fallen due.
    private mutating func sleep() async throws {
        witness.note("slept")
        try await world.sleep(hours: .random(in: 1...scale.sleepHours, using: &people.random))
        try await witness.look(world, expecting: nil)
        try await witness.expectNothingOverdue(world, open, dealers: dealers.map(\.id.text))
        let before = witness.seen
        // Nothing is due twice.
        try await world.drain()
        try await witness.look(world, expecting: nil)
        #expect(witness.seen == before)
    }

    /// Money comes in from outside: never so much that the fund is never empty.
    private func transfer() async throws {
        let (number, dealer) = (steps, dealers[steps % dealers.count].id.text)
        let fund = try await world.balance(.fund)
        try await world.write { tx in
            if fund < fen(yuan: 40_000) {
                _ = try Book.fund(tx, fen(yuan: 50_000), Occasion("f\(number)", reason: "注资", by: "usr_owner"))
            }
            let occasion = Occasion("d\(number)", reason: "保证金", by: "usr_1")
            return try Book.deposit(tx, by: dealer, fen(yuan: 100), occasion).isNew
        }
    }

    /// The process is killed with work in its hands, and what is on the disk is all that there is.
    private mutating func restart() async throws {
        witness.note("killed")
        if people.chance(50) { _ = try await world.worker().claim(limit: 2) }
        // PostgreSQL is another process, which does not die with it.
        guard isOnDisk else { return }
        let killed = world
        world = try await killed.found(in: killed.store.wreck())
        try await killed.database.close()
    }

    // MARK: Requests

    private mutating func act() async throws -> ClaimID? {
        // Sometimes somebody comes back to what is over.
        let isOver = open.isEmpty || people.chance(1)
        guard let claim = witness.claims[people.one(isOver ? all : open)] else { return nil }
        let own = witness.advancesOf[claim.id, default: []].compactMap { witness.advances[$0] }
        let live = own.filter { [.requested, .approved].contains($0.stage) }
        let isOwed = claim.ruling.map { $0.rate(of: .dealer).value > 0 } == true && !claim.isRulingContested
        guard [.approved, .repairing, .paying].contains(claim.state), isOwed, people.chance(85) else {
            guard let (input, actor) = people.step(on: claim, at: world.clock.now()) else { return nil }
            return try await submit(.step(claim.id, input, actor))
        }
        guard !live.isEmpty, people.chance(90) else { return try await submit(people.request(for: claim)) }
        // What is approved is paid once the claim is being paid.
        if claim.state != .paying, let (input, actor) = people.step(on: claim, at: world.clock.now()) {
            return try await submit(.step(claim.id, input, actor))
        }
        return try await advance(people.one(live))
    }

    private mutating func collect() async throws -> ClaimID? {
        let settled = witness.advancesOf[people.one(all), default: []]
        let owed = people.chance(8) ? settled : witness.recovering
        guard !owed.isEmpty, let advance = witness.advances[people.one(owed)] else { return try await act() }
        return try await self.advance(advance)
    }

    private mutating func advance(_ advance: Advance) async throws -> ClaimID? {
        let (input, actor) = people.step(on: advance)
        return try await submit(.advance(advance.terms.claim, advance.id, input, actor))
    }

    private mutating func submit(_ request: SimulatedRequest) async throws -> ClaimID? {
        if people.chance(8) {
            delayed.append(request)
            return nil
        }
        sent.append(request)
        if sent.count > Self.sentMaximum { sent.removeFirst(Self.sentMaximum / 2) }
        note(try await request.send(world))
        return request.claim
    }

    private mutating func note(_ refusal: ProblemType?) {
        if let refusal { witness.note("refused: \(refusal.code)") }
    }

    /// What was sent before the last ones comes after them.
    private mutating func arrive() async throws -> ClaimID? {
        guard !delayed.isEmpty else { return nil }
        let request = delayed.remove(at: Int.random(in: delayed.indices, using: &people.random))
        witness.note("came late")
        note(try await request.send(world))
        return request.claim
    }

    /// What was sent comes again, sometimes twice at once.
    private mutating func again() async throws -> ClaimID? {
        guard !sent.isEmpty else { return nil }
        let (request, world, isTwice) = (people.one(sent), world, people.chance(50))
        witness.note("sent again")
        async let other = isTwice ? request.send(world) : nil
        note(try await request.send(world))
        note(try await other)
        return request.claim
    }

    // MARK: The end

    /// Everything is read again, and everything that there is has happened.
    mutating func expectEnd() async throws {
        try await world.drain()
        try await witness.look(world, expecting: nil)
        try await audit(all)
        let kinds =
            ClaimFact.Kind.allCases.map { "claim.\($0.rawValue)" }
            + AdvanceFact.Kind.allCases.map { "advance.\($0.rawValue)" }
        let others = [
            "slept", "killed", "clock set back", "came late", "sent again", "ruled by the dealer's silence",
            "requested by the program", "given back to a dealer", "refused: fund_exhausted",
            "refused: claim_authority", "refused: advance_illegal", "refused: advance_exists",
        ]
        for kind in kinds + others { #expect(witness.seen[kind, default: 0] >= scale.least, "\(kind) was not seen") }
        let counts = witness.seen.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        let (now, yuan) = (world.clock.now(), witness.advanced.fen / 100)
        print("\(all.count) claims in \(steps) steps up to \(now), \(yuan) yuan advanced")
        print(counts.joined(separator: ", "))
    }
}

/// A number for each car.
private func simulatedVIN(_ number: Int) throws -> VIN {
    let open = "LFV2A21K0G" + String(10_000_000 + number).dropFirst()
    for digit in "0123456789X" {
        if let vin = try? VIN(parsing: String(open.prefix(8) + String(digit) + open.dropFirst(9))) { return vin }
    }
    throw StoredDataError("no such number")
}

/// A number for each dealer.
private func simulatedUSCC(_ number: Int) throws -> USCC {
    let open = "91330106MAD00\(100 + number)"
    for digit in "0123456789X" {
        for check in "0123456789ABCDEFGHJKLMNPQRTUWXY" {
            if let uscc = try? USCC(parsing: "\(open)\(digit)\(check)") { return uscc }
        }
    }
    throw StoredDataError("no such number")
}
