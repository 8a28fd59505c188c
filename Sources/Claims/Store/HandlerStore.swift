import Core
import People
import Storage
import Web

/// Every statement about those who work on claims.
enum HandlerStore {
    private static let handlersMaximum = 500
    private static let vacationsMaximum = 100
    /// More than anybody works on at a time.
    private static let openMaximum = 1000

    /// Everybody who works on claims and whose certificate counts.
    static func all(_ tx: any Transaction) throws -> [Handler] {
        let rows = try tx.rows(
            """
            SELECT person, role, skills, capacity, last_assigned_at
            FROM claim_handler
            WHERE person > ''
            ORDER BY person
            LIMIT \(handlersMaximum)
            """
        )
        return try rows.compactMap { try handler(tx, $0) }
    }

    private static func handler(_ tx: any Transaction, _ row: Row) throws -> Handler? {
        let name = try row.text(0)
        guard let person = PersonID(name), let role = Role(rawValue: try row.text(1)),
            let competence = try ClaimsCompetence.of(person, as: role, tx),
            let level = AuthorityLevel(rawValue: competence.level.rawValue)
        else { return nil }
        return Handler(
            id: name,
            level: level,
            skills: Set(try row.text(2).split(separator: " ").compactMap { Skill(rawValue: String($0)) }),
            certifiedUntil: competence.until,
            vacations: try vacations(tx, of: name),
            open: try ClaimQueue.open(tx, of: name, limit: openMaximum)
                + ComplaintStore.open(tx, of: name, limit: openMaximum),
            capacity: Int(try row.integer(3)),
            lastAssignedAt: try row.optionalInteger(4).map { Instant(microseconds: $0) }
        )
    }

    private static func vacations(_ tx: any Transaction, of person: String) throws -> [ClosedRange<CalendarDate>] {
        try tx.rows(
            """
            SELECT first_day, last_day
            FROM claim_vacation
            WHERE person = \(person)
            ORDER BY first_day DESC
            LIMIT \(vacationsMaximum)
            """
        ).compactMap { row in
            guard let first = CalendarDate(try row.text(0)), let last = CalendarDate(try row.text(1)), first <= last
            else { return nil }
            return first...last
        }
    }

    static func put(
        _ tx: any Transaction,
        _ person: PersonID,
        _ role: Role,
        _ skills: Set<Skill>,
        capacity: Int64
    ) throws {
        let names = skills.map(\.rawValue).sorted().joined(separator: " ")
        try tx.execute(
            """
            INSERT INTO claim_handler (person, role, skills, capacity, version)
            VALUES (\(person.text), \(role.rawValue), \(names), \(capacity), 1)
            ON CONFLICT (person) DO UPDATE
            SET role = \(role.rawValue), skills = \(names), capacity = \(capacity), version = claim_handler.version + 1
            """
        )
    }

    static func putVacation(_ tx: any Transaction, _ person: String, _ days: ClosedRange<CalendarDate>) throws {
        try tx.execute(
            """
            INSERT INTO claim_vacation (person, first_day, last_day)
            VALUES (\(person), \(days.lowerBound.description), \(days.upperBound.description))
            ON CONFLICT (person, first_day) DO UPDATE
            SET last_day = \(days.upperBound.description)
            """
        )
    }

    static func noteAssigned(_ tx: any Transaction, _ person: String) throws {
        try tx.execute(
            """
            UPDATE claim_handler
            SET last_assigned_at = \(tx.now.microseconds)
            WHERE person = \(person)
            """
        )
    }
}
