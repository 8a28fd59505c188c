import Core
import Jobs
import Listings
import Storage

// What becomes of a ruling that a dealer does not pay, and of what it owes.
extension Claims {
    /// The dealer had its time: the platform is asked to pay first. Of a contested ruling it is not: what comes of the
    /// review has a time of its own.
    func advanceInDefault(_ tx: any Transaction, _ run: JobRun) throws -> JobOutcome {
        let id = try ClaimDeadlines.claim(of: run)
        let number = run.job.payload["ruling"]?.integerValue
        guard let stored = try ClaimStore.find(tx, id, isLocked: true), stored.claim.isOpen,
            stored.claim.rulingFact?.number == number, !stored.claim.isRulingContested,
            let offer = stored.claim.offer, stored.claim.approved != nil
        else { return .done }
        do {
            _ = try Advances(self).request(tx, id, offer.way.head, by: .system)
        } catch let failure as Failure where [.advanceIllegal, .advanceExists].contains(failure.type) {
            // The dealer has paid, or somebody has asked for it before.
        }
        return .done
    }

    /// What falls due on a day counts from that day, however late somebody looks.
    func age(_ tx: any Transaction, _ run: JobRun) throws -> JobOutcome {
        guard let id = run.job.payload["advance"]?.stringValue.flatMap({ AdvanceID($0) }) else {
            throw HopelessJob("the job names no advance")
        }
        guard let claim = try AdvanceStore.claim(tx, of: id), try ClaimStore.find(tx, claim, isLocked: true) != nil,
            let advance = try AdvanceStore.find(tx, id), advance.stage == .recovering
        else { return .done }
        let (advances, policy) = (Advances(self), editions.advances)
        try DealerNotices.remind(tx, advance, at: tx.now, policy)
        if !advance.isSuspended, advance.mustSuspend(at: tx.now, policy: policy) {
            let wasDue = advance.mustSuspend(at: run.job.dueAt, policy: policy)
            _ = try advances.step(tx, advance, .suspend, at: wasDue ? run.job.dueAt : tx.now)
        } else {
            _ = try advances.liftIfPaid(tx, advance)
        }
        return .again(at: advance.nextAge(after: tx.now, policy))
    }

    /// Some offers at a time.
    func moveOffers(_ tx: any Transaction, _ run: JobRun) throws -> JobOutcome {
        guard let dealer = run.job.payload["dealer"]?.stringValue else { throw HopelessJob("the job names no dealer") }
        let moved = try DealerSuspensions.apply(tx, dealer: dealer, limit: ClaimDeadlines.offersPerStep)
        return moved < ClaimDeadlines.offersPerStep ? .done : .again(at: tx.now)
    }
}

extension Offer.Way {
    /// What the platform pays when it pays this first.
    fileprivate var head: LossHead {
        switch self {
        case .repair: .repair
        case .payment: .other
        case .refund: .refund
        }
    }
}
