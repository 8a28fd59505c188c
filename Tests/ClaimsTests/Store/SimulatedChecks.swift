import Claims
import Core
import Support
import Testing

extension Claim {
    func expectSoundMoney() {
        let isBounded = paid >= .zero && paid <= approved ?? .zero
        let isWhole = state != .settled || paid == approved
        let isOnce = Set(payments.map(\.reference)).count == payments.count
        let isUnderWay = [.approved, .repairing, .paying].contains(state)
        #expect(isBounded && isWhole && isOnce && (!isUnderWay || approved == offer?.total), "\(id)")
    }

    /// - Returns: when the first of those that run is due, as a row says it.
    func expectSoundClocks(at now: Instant, _ calendar: WorkingCalendar) -> Int64 {
        let readings = clocks(at: now, calendar: calendar)
        let ceiling = readings.last { $0.run.kind == .legalCeiling }
        let areSound = readings.allSatisfy { reading in
            let marks = reading.marks.map(\.at)
            let paused = reading.pausedFor.reduce(0) { $0 + $1.countedSeconds }
            let isBound = reading.run.kind == .solution && reading.run.startedAt == ceiling?.run.startedAt
            let isWithin = reading.dueAt.flatMap { due in ceiling?.dueAt.map { due <= $0 } } ?? true
            return marks == marks.sorted() && paused <= 5 * 86_400 && (!isBound || isWithin)
                && (paused == 0 || reading.run.kind == .solution)
                && reading.run.stoppedAt.map { $0 >= reading.run.startedAt } != false
        }
        let running = readings.filter { $0.run.stoppedAt == nil }
        let kinds = running.map(\.run.kind)
        // Whoever is turned down is still to be told.
        let left = kinds.filter { state != .rejected || $0 != .resultNotice }
        let isOver = !isOpen || state == .rejected
        #expect(areSound && Set(kinds).count == kinds.count && (!isOver || left.isEmpty), "\(id)")
        guard running.allSatisfy({ $0.dueAt != nil }) else { return 0 }
        return running.compactMap { $0.dueAt?.microseconds }.min() ?? .max
    }
}

extension ClaimFact.Body {
    /// Of what somebody did; `nil` for the filing, which nothing comes before.
    var action: ClaimAction? {
        switch self {
        case .filed: nil
        case .receiptConfirmed: .confirmReceipt
        case .answered: .answer
        case .handlerChanged(let change):
            switch change.kind {
            case .assigned: .assign
            case .handedOver: .handOver
            case .takenOver: .takeOver
            }
        case .assessmentBegun: .assess
        case .asked: .ask
        case .replied: .reply
        case .resumed: .resume
        case .ruled: .rule
        case .rulingContested: .contestRuling
        case .proposed: .propose
        case .accepted: .accept
        case .disputed: .dispute
        case .sentBack: .sendBack
        case .signed, .approved: .approve
        case .repairStarted: .startRepair
        case .repairFinished: .finishRepair
        case .paymentStarted: .startPayment
        case .paid: .pay
        case .resultNotified: .notifyResult
        case .closed: .close
        case .rejected: .reject
        case .appealed: .appeal
        case .withdrawn: .withdraw
        case .reopened: .reopen
        case .evidenceAdded: .addEvidence
        case .noted: .note
        case .messaged: .message
        case .clockMarked: .markClock
        case .attemptRefused: .refuse
        }
    }
}

extension AdvanceFact {
    var isOfWriteOff: Bool { [.writeOffSigned, .writtenOff].contains(body.kind) }
}

/// What may happen to an advance by whom and in which stage, written down a second time.
enum AdvanceSteps {
    private static let table = TextTable(
        """
        fact             | roles                            | stages
        signed           | junior intermediate senior manager | requested
        approved         | junior intermediate senior manager | requested
        cancelled        | senior manager finance system    | requested approved
        paid             | finance system                   | approved
        deposit_drawn    | finance system                   | recovering
        invoiced         | finance system                   | recovering
        plan_agreed      | senior manager finance           | recovering
        received         | finance system                   | recovering
        suspended        | manager system                   | recovering
        lifted           | manager system                   | recovering settled
        write_off_signed | manager                          | recovering
        written_off      | senior manager                   | recovering
        overturned       | senior manager                   | recovering settled
        """
    )

    private static let steps: [String: (roles: Set<String>, stages: Set<String>)] = Dictionary(
        uniqueKeysWithValues: table.rows.map { row in
            let words = ["roles", "stages"].map { Set(row[$0].split(separator: " ").map(String.init)) }
            return (row["fact"], (words[0], words[1]))
        }
    )

    static func isLegal(_ fact: AdvanceFact.Kind, _ role: CallerRole, in stage: AdvanceStage) -> Bool {
        guard let step = steps[fact.rawValue] else { return false }
        return step.roles.contains(role.rawValue) && step.stages.contains(stage.rawValue)
    }
}
