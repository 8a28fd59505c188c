import Core
package import Web

/// Who may do what. Pure functions over one table; what the table does not allow is refused.
package enum Policy {
    /// `anyone` includes callers without a credential; `members` is everybody with one.
    private static let table = """
        action                scope                  who
        vehicle.read          -                      anyone
        history.read          -                      anyone
        report.read           -                      anyone
        entry.read            -                      anyone
        event_kinds.read      -                      anyone
        verify                -                      anyone

        event.append          events:write           admin dealer workshop insurer authority
        event.import          events:write           admin dealer workshop insurer authority
        entry.correct         events:write           admin dealer workshop insurer authority
        payload.erase         payloads:erase         admin

        listing.read          -                      anyone
        listing.create        listings:write         admin dealer
        listing.update        listings:write         admin dealer
        listing.list          organization:read      admin dealer auditor
        listing_dispute.list  organization:read      admin auditor
        listing_dispute.settle organizations:manage  admin

        organization.create   organizations:manage   admin
        organization.suspend  organizations:manage   admin
        organization.list     organization:read      admin auditor
        organization.read     organization:read      admin dealer workshop insurer authority auditor
        organization.update   organization:write     admin dealer workshop insurer authority

        key.create            keys:write             admin dealer workshop insurer authority auditor
        key.list              organization:read      admin dealer workshop insurer authority auditor
        key.revoke            keys:write             admin dealer workshop insurer authority auditor

        signing_key.create    keys:write             admin dealer workshop insurer authority
        signing_key.list      organization:read      admin dealer workshop insurer authority auditor
        signing_key.revoke    keys:write             admin dealer workshop insurer authority

        audit.read            audit:read             admin dealer workshop insurer authority auditor
        metrics.read          metrics:read           admin auditor
        me.read               -                      members
        """

    package struct Rule: Sendable, Hashable {
        package let isPublic: Bool
        package let roles: Set<Role>
        package let scope: Scope?
    }

    package static let rules = parse(table)

    /// For `Endpoint`.
    package static func authorize(_ action: Action) -> @Sendable (Principal?) -> AccessDecision {
        { principal in decide(action, for: principal) }
    }

    package static func decide(_ action: Action, for principal: Principal?) -> AccessDecision {
        let rule = rules[action]
        if rule?.isPublic == true { return .allowed }
        guard let principal else { return .unauthenticated }
        guard let rule, rule.roles.contains(principal.role) else { return .forbidden(roleRefused(action, principal)) }
        guard let scope = rule.scope, !principal.scopes.contains(scope.rawValue) else { return .allowed }
        return .forbidden(scopeMissing(scope))
    }

    /// Whether the things of `organization` are this caller's to change. Where they are not, the answer is that there
    /// is no such thing, never that it is forbidden: that would tell a competitor that it exists.
    package static func owns(_ principal: Principal?, _ organization: String) -> Bool {
        guard let principal else { return false }
        return principal.role == .admin || principal.organization == organization
    }

    /// Whether the things of `organization` are this caller's to look at.
    package static func sees(_ principal: Principal?, _ organization: String) -> Bool {
        owns(principal, organization) || principal?.role == .auditor
    }

    // MARK: Reasons

    private static func roleRefused(_ action: Action, _ principal: Principal) -> LocalizedText {
        LocalizedText(
            zh: "角色 \(principal.role.rawValue) 无权执行 \(action.rawValue)",
            en: "The role \(principal.role.rawValue) may not do \(action.rawValue)"
        )
    }

    private static func scopeMissing(_ scope: Scope) -> LocalizedText {
        LocalizedText(
            zh: "当前密钥缺少权限范围 \(scope.rawValue)",
            en: "This key lacks the scope \(scope.rawValue)"
        )
    }

    // MARK: Reading the table

    /// A line that cannot be read in full grants nothing: a misspelt role must not let anybody in, or leave a scope
    /// out.
    static func parse(_ table: String) -> [Action: Rule] {
        var rules: [Action: Rule] = [:]
        for line in table.split(separator: "\n").dropFirst() {
            let words = line.split(separator: " ").map(String.init)
            guard words.count >= 3, let action = Action(rawValue: words[0]), rules[action] == nil else { continue }
            rules[action] = rule(scope: words[1], who: words.dropFirst(2))
        }
        return rules
    }

    private static func rule(scope name: String, who: some Collection<String>) -> Rule? {
        let scope = Scope(rawValue: name)
        guard scope != nil || name == "-" else { return nil }
        switch who.first {
        case "anyone": return Rule(isPublic: true, roles: Set(Role.allCases), scope: scope)
        case "members": return Rule(isPublic: false, roles: Set(Role.allCases), scope: scope)
        default:
            let roles = who.compactMap(Role.init(rawValue:))
            guard roles.count == who.count else { return nil }
            return Rule(isPublic: false, roles: Set(roles), scope: scope)
        }
    }
}
