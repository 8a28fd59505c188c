package import Core
package import Storage

// What the staff does with a complaint.
extension Complaints {
    /// A step, where the caller has seen the version that stands.
    package typealias Precondition = (StoredComplaint) throws -> Void

    /// A promise is kept: a clock that has been met stays met.
    ///
    /// - Throws: `complaintClosed`; `claimInputInvalid` where it has no such clock.
    @discardableResult
    package func meet(
        _ tx: any Transaction,
        _ id: ComplaintID,
        _ clock: ClockKind,
        by actor: ClaimActor,
        why: String,
        if precondition: Precondition = { _ in }
    ) throws -> StoredComplaint {
        let stored = try open(tx, id, actor)
        try precondition(stored)
        guard stored.complaint.clocks.contains(clock) else {
            throw Failure.invalid("/clock", "not_allowed", zh: "此投诉没有这项时限", en: "The complaint has no such clock")
        }
        guard stored.met[clock] == nil else { return stored }
        return try record(tx, stored, .met(clock), by: actor.caller, why: why)
    }

    @discardableResult
    package func note(
        _ tx: any Transaction,
        _ id: ComplaintID,
        by actor: ClaimActor,
        why: String,
        if precondition: Precondition = { _ in }
    ) throws -> StoredComplaint {
        let stored = try open(tx, id, actor)
        try precondition(stored)
        return try record(tx, stored, .noted, by: actor.caller, why: why)
    }

    /// Somebody takes it, or gives it to another.
    ///
    /// - Throws: `claimOtherPerson` where it is neither his own, nor given to himself, nor his to give.
    @discardableResult
    package func assign(
        _ tx: any Transaction,
        _ id: ComplaintID,
        to person: String,
        by actor: ClaimActor,
        why: String,
        if precondition: Precondition = { _ in }
    ) throws -> StoredComplaint {
        let stored = try open(tx, id, actor)
        try precondition(stored)
        let caller = actor.caller
        let isFree = stored.handler == nil || stored.handler == caller.id
        let isSupervisor = caller.role.level.map { $0 >= .senior } ?? false
        guard isFree || isSupervisor else { throw Failure(.claimOtherPerson) }
        guard let handler = try claims.team(tx).first(where: { $0.id == person }) else {
            throw Failure.invalid("/to", "unknown", zh: "团队里没有这个人", en: "Nobody of the team")
        }
        guard handler.level >= stored.level else {
            let (zh, en) = ("此投诉须由更高级别的人办理", "It takes somebody of a higher level")
            throw Failure.invalid("/to", "level", zh: zh, en: en)
        }
        guard person != stored.handler else { return stored }
        return try record(tx, stored, .assigned(to: person), by: caller, why: why)
    }

    /// It comes from the same cause as another: what follows from one follows from all.
    ///
    /// - Throws: `claimInputInvalid` where there is no such complaint, or it is linked to this one itself.
    @discardableResult
    package func link(
        _ tx: any Transaction,
        _ id: ComplaintID,
        to other: ComplaintID,
        by actor: ClaimActor,
        why: String,
        if precondition: Precondition = { _ in }
    ) throws -> StoredComplaint {
        let stored = try open(tx, id, actor)
        try precondition(stored)
        guard let found = try ComplaintStore.find(tx, other, isLocked: false), found.root != id else {
            throw Failure.invalid("/to", "unknown", zh: "没有可关联的投诉", en: "There is no complaint to link it to")
        }
        guard found.root != stored.root else { return stored }
        return try record(tx, stored, .linked(to: found.root), by: actor.caller, why: why)
    }

    /// Within what somebody may give without a duty.
    ///
    /// - Throws: `claimAuthority`, `complaintClosed`.
    @discardableResult
    package func giveGoodwill(
        _ tx: any Transaction,
        _ id: ComplaintID,
        _ amount: Money,
        by actor: ClaimActor,
        why: String,
        if precondition: Precondition = { _ in }
    ) throws -> StoredComplaint {
        let stored = try open(tx, id, actor)
        try precondition(stored)
        let day = try DecidedDay(tx, actor.caller.id)
        // In all, so that no limit is passed by giving twice.
        let total = try stored.given.adding(amount)
        let question = AuthorityQuestion(.goodwill, total, by: actor.person, at: tx.now, decidedToday: day.before)
        let signatures = try claims.signatures(tx, question)
        guard amount > .zero, signatures == 1 else {
            throw Failure(.claimAuthority, zh: "超过可以给予的安抚金额", en: "More than can be given without a duty")
        }
        try day.adding(amount).take(tx)
        return try record(tx, stored, .goodwill(amount), by: actor.caller, why: why)
    }

    /// - Throws: `claimTooEarly` where the customer has not been told the result; `complaintClosed`.
    @discardableResult
    package func close(
        _ tx: any Transaction,
        _ id: ComplaintID,
        by actor: ClaimActor,
        why: String,
        if precondition: Precondition = { _ in }
    ) throws -> StoredComplaint {
        let stored = try open(tx, id, actor)
        try precondition(stored)
        guard stored.met[.resultNotice] != nil else {
            throw Failure(.claimTooEarly, zh: "结果尚未告知客户", en: "The customer has not been told the result")
        }
        return try record(tx, stored, .closed, by: actor.caller, why: why)
    }
}
