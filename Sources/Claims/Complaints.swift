package import Core
import Identity
package import Storage
import Warranty

/// The verbs on complaints: the same clocks, people and authority as those of claims.
package struct Complaints: Sendable {
    let claims: Claims

    /// More than come within the windows that are looked at.
    private static let recentMaximum = 5000
    /// Room is left for whoever closes it.
    private static let factsMaximum = ComplaintStore.factsMaximum - 100
    static let secondsPerDay: Int64 = 86_400

    package init(_ claims: Claims) {
        self.claims = claims
    }

    var editions: ClaimEditions { claims.editions }

    /// What somebody says who is not content.
    package struct Draft: Sendable, Hashable {
        package let customer: String
        package let vin: VIN?
        package let dealer: String?
        /// A part, by whatever name the plans know it.
        package let component: String?
        package let text: String

        package init(customer: String, vin: VIN? = nil, dealer: String? = nil, component: String? = nil, text: String) {
            self.customer = customer
            self.vin = vin
            self.dealer = dealer
            self.component = component
            self.text = text
        }
    }

    // MARK: Filing

    /// The class is found by the words; one that comes again for the same cause is linked to the first, and graver.
    ///
    /// - Throws: `claimInputInvalid` for a dealer or a part that there is not.
    package func file(_ tx: any Transaction, _ draft: Draft, by actor: ClaimActor) throws -> StoredComplaint {
        let reading = ComplaintWords.read(draft.text)
        let id = ComplaintID(at: tx.now)
        let recent = try recent(tx, days: RepeatLinks.windowDays)
        let part = try component(tx, draft)
        try requireDealer(tx, draft)
        func complaint(_ signs: Set<Complaint.Sign>) -> Complaint {
            Complaint(
                id: id,
                at: tx.now,
                customer: draft.customer,
                vin: draft.vin,
                dealer: draft.dealer,
                component: part,
                category: reading.category,
                signs: signs
            )
        }
        let root = RepeatLinks.root(of: complaint(reading.signs), after: recent)
        let fact = ComplaintFact(
            number: 1,
            at: tx.now.truncatedToMilliseconds,
            by: actor.caller,
            why: draft.text,
            body: .filed(root: root)
        )
        let signs = root == nil ? reading.signs : reading.signs.union([.repeat])
        let stored = try StoredComplaint(complaint(signs), facts: [fact])
        try ComplaintStore.insert(tx, stored, dueAt: dueAt(stored, at: tx.now))
        try schedule(tx, from: nil, to: stored)
        return try assign(tx, stored)
    }

    private func component(_ tx: any Transaction, _ draft: Draft) throws -> String? {
        guard let name = draft.component else { return nil }
        guard let part = try claims.warranties.component(tx, called: name) else {
            throw Failure.invalid("/component", "unknown", zh: "没有这个部件", en: "There is no such part")
        }
        return part.id
    }

    private func requireDealer(_ tx: any Transaction, _ draft: Draft) throws {
        guard let dealer = draft.dealer else { return }
        guard let id = OrganizationID(dealer), try Organizations.find(tx, id)?.kind == .dealer else {
            throw Failure.invalid("/dealer", "unknown", zh: "没有这个商家", en: "There is no such dealer")
        }
    }

    private func recent(_ tx: any Transaction, days: Int64) throws -> [Complaint] {
        let since = tx.now.adding(seconds: -days * Complaints.secondsPerDay)
        return try ComplaintStore.since(tx, since, limit: Complaints.recentMaximum)
    }

    /// What is graver goes to a higher level at once; where nobody can have it, it waits for a supervisor.
    func assign(
        _ tx: any Transaction,
        _ stored: StoredComplaint,
        besides: Set<String> = []
    ) throws -> StoredComplaint {
        let complaint = stored.complaint
        let item = WorkItem(id: complaint.id.text, skill: complaint.skill, level: stored.level, excluded: besides)
        guard case .to(let person) = Assignment.choose(item, among: try claims.team(tx), at: tx.now),
            person != stored.handler
        else { return stored }
        try HandlerStore.noteAssigned(tx, person)
        return try record(tx, stored, .assigned(to: person), by: .system)
    }

    // MARK: Looking

    /// - Throws: `complaintNotFound` where there is none, or it is somebody else's.
    package func get(
        _ tx: any Transaction,
        _ id: ComplaintID,
        for caller: Caller = .system,
        isLocked: Bool = false
    ) throws -> StoredComplaint {
        guard let stored = try ComplaintStore.find(tx, id, isLocked: isLocked),
            caller.role != .dealer, caller.role != .buyer || stored.complaint.customer == caller.id
        else { throw Failure(.complaintNotFound) }
        return stored
    }

    /// Many of one part or one dealer: a matter for a team.
    package func batches(_ tx: any Transaction, by rule: BatchRule = .proposal2026) throws -> [Batch] {
        rule.batches(in: try recent(tx, days: rule.windowDays))
    }

    // MARK: Writing

    /// What the staff works on, locked until the commit.
    ///
    /// - Throws: `complaintClosed` where it is over.
    func open(_ tx: any Transaction, _ id: ComplaintID, _ actor: ClaimActor) throws -> StoredComplaint {
        guard actor.caller.role.level != nil else { throw Failure(.complaintNotFound) }
        let stored = try get(tx, id, isLocked: true)
        guard stored.isOpen else { throw Failure(.complaintClosed) }
        return stored
    }

    /// - Throws: `UniqueViolation` where another was faster.
    func record(
        _ tx: any Transaction,
        _ stored: StoredComplaint,
        _ body: ComplaintFact.Body,
        by caller: Caller,
        why: String? = nil,
        isRunning: Bool = false
    ) throws -> StoredComplaint {
        let isLast = body == .closed
        guard isLast || stored.facts.count < Complaints.factsMaximum else {
            throw Failure(.claimInputInvalid, zh: "投诉记录过多", en: "The complaint has too many facts")
        }
        // A clock that was set back does not reorder what happened.
        let at = max(tx.now.truncatedToMilliseconds, stored.facts.last?.at ?? tx.now)
        let fact = ComplaintFact(number: stored.version + 1, at: at, by: caller, why: why, body: body)
        var next = stored
        try next.record(fact)
        let dueAt = dueAt(next, at: tx.now)
        guard try ComplaintStore.update(tx, next, dueAt: dueAt, replacing: stored.version) else {
            throw UniqueViolation()
        }
        try ComplaintStore.insert(tx, fact, of: stored.complaint.id)
        try schedule(tx, from: isRunning ? nil : stored, to: next)
        return next
    }
}
