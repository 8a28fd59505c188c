package import Core
package import Identity
import Storage
package import Warranty

/// What somebody says when he files a claim.
package struct ClaimDraft: Sendable, Hashable {
    /// The contract that it is made under. A buyer names one; the platform's staff also takes claims by the law alone.
    package var warranty: WarrantyID?
    /// Without a contract: which car, who sold it, and to whom.
    package var vin: VIN?
    package var dealer: OrganizationID?
    package var buyer: String?
    package var adviser: String?
    package var inspector: String?
    package var kind: Filing.Kind
    package var isUrgent: Bool
    /// A part, by whatever name the contract's edition knows it.
    package var component: String?
    package var odometerKm: Int64
    package var noticedOn: CalendarDate
    package var symptom: String
    package var evidence: [Evidence]

    package init(
        warranty: WarrantyID?,
        kind: Filing.Kind = .warranty,
        isUrgent: Bool = false,
        component: String? = nil,
        odometerKm: Int64,
        noticedOn: CalendarDate,
        symptom: String,
        evidence: [Evidence] = []
    ) {
        self.warranty = warranty
        self.kind = kind
        self.isUrgent = isUrgent
        self.component = component
        self.odometerKm = odometerKm
        self.noticedOn = noticedOn
        self.symptom = symptom
        self.evidence = evidence
    }
}

extension Claims {
    func filing(_ tx: any Transaction, _ draft: ClaimDraft, by caller: Caller) throws -> Filing {
        guard draft.noticedOn <= tx.now.dateInChina else {
            throw Failure.invalid("/noticed_on", "future", zh: "不能晚于今天", en: "Must not be after today")
        }
        try refuseForeign(draft, by: caller)
        guard let id = draft.warranty else { return try filingByLaw(tx, draft, by: caller) }
        let contract: ClaimedContract
        do {
            contract = try warranties.claimed(tx, id)
        } catch let failure as Failure where failure.type.kind == .notFound {
            throw Failure.invalid("/warranty", "unknown", zh: "没有这份合同", en: "There is no such contract")
        }
        let warranty = contract.warranty
        let holder = try warranty.holder(tx)
        guard mayFile(caller, under: warranty, of: holder) else {
            throw Failure.invalid("/warranty", "unknown", zh: "没有这份合同", en: "There is no such contract")
        }
        return filing(
            draft,
            ClaimID(at: tx.now),
            vin: warranty.terms.sale.vin,
            buyer: holder,
            dealer: warranty.dealer.text,
            component: try draft.component.map { try component($0, contract.book) }
        )
    }

    /// Who has to do with the customer or the car is the staff's to say: nobody else picks who settles his claim. What
    /// a contract says, nobody says besides.
    private func refuseForeign(_ draft: ClaimDraft, by caller: Caller) throws {
        let isStaff = caller.role.level != nil || caller.role == .system
        if !isStaff, draft.adviser != nil || draft.inspector != nil {
            let (zh, en) = ("由工作人员填写", "For the staff to say")
            throw Failure.invalid(draft.adviser == nil ? "/inspector" : "/adviser", "not_allowed", zh: zh, en: en)
        }
        guard draft.warranty != nil else { return }
        let said = [("/vin", draft.vin != nil), ("/dealer", draft.dealer != nil), ("/buyer", draft.buyer != nil)]
        if let (pointer, _) = said.first(where: \.1) {
            throw Failure.invalid(pointer, "not_together", zh: "合同中已有此项", en: "The contract says so already")
        }
    }

    /// The holder himself, the dealer who sold it for his customer, and the platform's staff for anybody.
    private func mayFile(_ caller: Caller, under warranty: StoredWarranty, of holder: String) -> Bool {
        switch caller.role {
        case .buyer: holder == caller.id
        case .dealer: warranty.dealer.text == caller.id
        case .junior, .intermediate, .senior, .manager, .system: true
        case .finance, .auditor: false
        }
    }

    /// Somebody of the staff has seen the papers of the sale.
    private func filingByLaw(_ tx: any Transaction, _ draft: ClaimDraft, by caller: Caller) throws -> Filing {
        guard caller.role.level != nil || caller.role == .system else {
            throw Failure.invalid("/warranty", "required", zh: "须写明合同编号", en: "Name the contract")
        }
        guard let vin = draft.vin, let dealer = draft.dealer, let buyer = draft.buyer else {
            let (zh, en) = ("没有合同时须写明车辆、商家和买方", "Without a contract name the car, the dealer and the buyer")
            throw Failure.invalid("/vin", "required", zh: zh, en: en)
        }
        guard try Organizations.find(tx, dealer)?.kind == .dealer else {
            throw Failure.invalid("/dealer", "unknown", zh: "没有这个商家", en: "There is no such dealer")
        }
        return filing(
            draft,
            ClaimID(at: tx.now),
            vin: vin,
            buyer: buyer,
            dealer: dealer.text,
            component: draft.component
        )
    }

    private func component(_ name: String, _ book: PlanBook) throws -> String {
        guard case .found(let component) = book.names.find(name) else {
            throw Failure.invalid("/component", "unknown", zh: "没有这个部件", en: "There is no such part")
        }
        return component.id
    }

    private func filing(
        _ draft: ClaimDraft,
        _ id: ClaimID,
        vin: VIN,
        buyer: String,
        dealer: String,
        component: String?
    ) -> Filing {
        Filing(
            claim: id,
            vin: vin,
            contract: draft.warranty?.text,
            buyer: buyer,
            dealer: dealer,
            adviser: draft.adviser,
            inspector: draft.inspector,
            kind: draft.kind,
            isUrgent: draft.isUrgent,
            component: component,
            odometerKm: draft.odometerKm,
            noticedOn: draft.noticedOn,
            symptom: draft.symptom,
            evidence: draft.evidence
        )
    }
}
