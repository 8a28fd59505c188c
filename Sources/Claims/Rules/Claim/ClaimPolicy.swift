import Core

/// Who may do what to a claim in which state. Pure: one table; what it does not allow is refused.
package enum ClaimPolicy {
    /// `staff` is everybody who works on claims; `open` is every state that is not an end, `any` every state.
    private static let table = """
        action           who                          states
        confirm_receipt  system                       submitted
        answer           staff                        open
        assign           staff system                 open
        hand_over        staff                        open
        take_over        senior manager               open
        assess           staff                        acknowledged disputed appealed reopened
        ask              staff                        assessing
        reply            buyer dealer staff           waiting
        resume           staff system                 waiting
        rule             senior manager system        assessing
        rule             senior manager               waiting proposed accepted disputed
        rule             senior manager               approved repairing paying settled
        contest_ruling   dealer                       assessing waiting proposed accepted disputed
        contest_ruling   dealer                       approved repairing paying settled
        propose          staff system                 assessing
        accept           buyer                        proposed
        dispute          buyer                        proposed
        send_back        staff                        proposed accepted
        approve          staff                        accepted
        start_repair     staff                        approved
        finish_repair    staff                        repairing
        start_payment    staff finance                approved
        pay              finance system               paying
        notify_result    staff system                 settled rejected
        close            staff system                 settled rejected
        reject           intermediate senior manager  assessing appealed
        appeal           buyer                        rejected
        withdraw         buyer                        submitted acknowledged assessing waiting proposed accepted
        withdraw         buyer                        disputed appealed reopened
        reopen           senior manager               closed rejected withdrawn
        reopen           buyer                        withdrawn
        add_evidence     buyer dealer staff           open
        note             staff finance system         any
        message          buyer dealer staff           open
        mark_clock       system                       any
        refuse           system                       any
        """

    private struct Place: Hashable {
        let role: CallerRole
        let state: ClaimState
    }

    private static let actions: [Place: Set<ClaimAction>] = parse(table)

    private static let ends: Set<ClaimState> = [.closed, .withdrawn]

    package static func allows(_ action: ClaimAction, to role: CallerRole, in state: ClaimState) -> Bool {
        actions[Place(role: role, state: state)]?.contains(action) == true
    }

    /// In the order in which actions are declared.
    package static func actions(of role: CallerRole, in state: ClaimState) -> [ClaimAction] {
        let allowed = actions[Place(role: role, state: state)] ?? []
        return ClaimAction.allCases.filter(allowed.contains)
    }

    /// A line that cannot be read in full grants nothing: a misspelt state must not let anybody in.
    private static func parse(_ table: String) -> [Place: Set<ClaimAction>] {
        var actions: [Place: Set<ClaimAction>] = [:]
        for line in table.split(separator: "\n").dropFirst() {
            let words = line.split(separator: " ").map(String.init)
            guard let action = words.first.flatMap(ClaimAction.init(rawValue:)) else { continue }
            let whoAndWhere = words.dropFirst().map { (roles: roles($0), states: states($0)) }
            guard whoAndWhere.allSatisfy({ !$0.roles.isEmpty || !$0.states.isEmpty }) else { continue }
            for role in whoAndWhere.flatMap(\.roles) {
                for state in whoAndWhere.flatMap(\.states) {
                    actions[Place(role: role, state: state), default: []].insert(action)
                }
            }
        }
        return actions
    }

    private static func roles(_ word: String) -> [CallerRole] {
        word == "staff" ? CallerRole.allCases.filter { $0.level != nil } : CallerRole(rawValue: word).map { [$0] } ?? []
    }

    private static func states(_ word: String) -> [ClaimState] {
        switch word {
        case "any": ClaimState.allCases
        case "open": ClaimState.allCases.filter { !ends.contains($0) }
        default: ClaimState(rawValue: word).map { [$0] } ?? []
        }
    }
}
