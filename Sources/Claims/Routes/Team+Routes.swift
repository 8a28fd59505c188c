import Core
import HTTPTypes
import Identity
import People
import Storage
import Web

extension ClaimService {
    private static let capacities: ClosedRange<Int64> = 0...200
    private static let skillCount = 0...Skill.allCases.count

    var teamEndpoints: [Endpoint] {
        [
            Endpoint(.get, "/v1/claims/team", authorize: Policy.authorize(.claimFigures), handler: team),
            Endpoint(
                .post,
                "/v1/claims/team",
                body: .json,
                repetition: .keyed,
                authorize: Policy.authorize(.claimTeam),
                handler: employ
            ),
            Endpoint(
                .post,
                "/v1/claims/team/{person}/vacations",
                body: .json,
                repetition: .keyed,
                authorize: Policy.authorize(.claimTeam),
                handler: grantVacation
            ),
        ]
    }

    private func team(_ call: Call) async throws -> Reply {
        try await database.read { tx in
            let handlers = try claims.team(tx)
            let json: JSON = ["data": .array(handlers.map(\.json))]
            return Reply.json(json).withETag(Identity.entityTag(version: 1, json))
        }
    }

    private func person(_ call: Call) throws -> PersonID {
        guard let id = PersonID(try call.parameter("person")) else { throw Failure(.notFound) }
        return id
    }

    private func employ(_ call: Call) async throws -> Reply {
        let (person, role, skills, capacity) = try call.read { reader -> (PersonID, Role, Set<Skill>, Int64)? in
            let person = reader.string("person").flatMap { PersonID($0) }
            if person == nil { reader.identifierFault("person") }
            let role = reader.oneOf("role", Role.self)
            let names = reader.array("skills", count: ClaimService.skillCount) ?? []
            let skills = names.compactMap { $0.stringValue.flatMap(Skill.init(rawValue:)) }
            if skills.count < names.count {
                reader.fault("skills", "not_allowed", zh: "没有这项技能", en: "There is no such skill")
            }
            let capacity = reader.integer("capacity", in: ClaimService.capacities)
            guard let person, let role, let capacity else { return nil }
            return (person, role, Set(skills), capacity)
        }
        return try await database.writeRetrying { tx in
            try call.once(in: tx) {
                guard try ClaimsCompetence.of(person, as: role, tx) != nil else { throw Failure(.notFound) }
                try claims.employ(tx, person, as: role, skills, capacity: capacity)
                return Reply(.noContent)
            }
        }
    }

    private func grantVacation(_ call: Call) async throws -> Reply {
        let person = try person(call)
        let days = try call.read { reader -> ClosedRange<CalendarDate>? in
            let first = reader.date("first_day")
            let last = reader.date("last_day")
            guard let first, let last else { return nil }
            guard first <= last else {
                reader.fault("last_day", "out_of_range", zh: "不能早于第一天", en: "Must not be before the first day")
                return nil
            }
            return first...last
        }
        return try await database.writeRetrying { tx in
            try call.once(in: tx) {
                try claims.grantVacation(tx, person, days)
                return Reply(.noContent)
            }
        }
    }
}

extension Handler {
    fileprivate var json: JSON {
        [
            "person": JSON(id),
            "level": JSON(level.rawValue),
            "skills": .array(skills.map(\.rawValue).sorted().map { JSON($0) }),
            "certified_until": JSON(certifiedUntil),
            "vacations": .array(
                vacations.map { ["first_day": JSON($0.lowerBound), "last_day": JSON($0.upperBound)] }
            ),
            "open": JSON(open),
            "capacity": JSON(capacity),
            "last_assigned_at": .optional(lastAssignedAt) { JSON($0) },
        ]
    }
}
