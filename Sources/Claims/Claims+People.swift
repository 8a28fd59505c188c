package import Core
import Jobs
package import People
package import Storage
package import Web

// Who works on what.
extension Claims {
    private static let absentPerLook = 20
    private static let absentLookSeconds: Int64 = 3600

    /// Who has it done, and what he knows about. His level is his certificate's.
    package func employ(
        _ tx: any Transaction,
        _ person: PersonID,
        as role: Role,
        _ skills: Set<Skill>,
        capacity: Int64
    ) throws {
        try HandlerStore.put(tx, person, role, skills, capacity: capacity)
    }

    package func grantVacation(_ tx: any Transaction, _ person: PersonID, _ days: ClosedRange<CalendarDate>) throws {
        try HandlerStore.putVacation(tx, person.text, days)
    }

    package func team(_ tx: any Transaction) throws -> [Handler] {
        try HandlerStore.all(tx)
    }

    /// Gives a claim to whoever has the smallest share of work; where nobody can have it, it waits for a supervisor.
    package func assign(_ tx: any Transaction, _ stored: StoredClaim, besides: Set<String> = []) throws -> StoredClaim {
        let item = stored.claim.workItem
        let wanted = WorkItem(
            id: item.id,
            skill: item.skill,
            level: item.level,
            excluded: item.excluded.union(besides)
        )
        guard case .to(let person) = Assignment.choose(wanted, among: try team(tx), at: tx.now),
            person != stored.claim.handler
        else { return stored }
        try HandlerStore.noteAssigned(tx, person)
        return try take(tx, stored, .assign(to: person), by: .system)
    }

    /// What somebody works on, what is due first before the rest.
    package func work(_ tx: any Transaction, of person: String, limit: Int) throws -> [ClaimID] {
        try ClaimQueue.page(tx, .handler(person), after: (-1, ""), limit: limit)
            .filter { $0.dueAt < ClaimStanding.never }.map(\.id)
    }

    /// Takes work from those who are away, some at a time, and looks again after an hour.
    func replaceAbsent(_ tx: any Transaction, _ run: JobRun) throws -> JobOutcome {
        var moved = 0
        let team = try team(tx)
        let absent = Assignment.absent(team, at: tx.now)
        for handler in absent where moved < Claims.absentPerLook {
            for id in try work(tx, of: handler.id, limit: Claims.absentPerLook - moved) {
                guard let stored = try ClaimStore.find(tx, id, isLocked: true) else { continue }
                let next = try assign(tx, stored, besides: Set(absent.map(\.id)))
                if next.claim.handler != handler.id { moved += 1 }
            }
            moved += try Complaints(self).replace(
                tx,
                handler.id,
                besides: Set(absent.map(\.id)),
                limit: Claims.absentPerLook - moved
            )
        }
        let pause = moved == Claims.absentPerLook ? 0 : Claims.absentLookSeconds
        return .again(at: tx.now.adding(seconds: pause))
    }
}
