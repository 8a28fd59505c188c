package import Core

package enum ComplaintTag: IDTag {
    package static let prefix = "cmp"
}

package typealias ComplaintID = ID<ComplaintTag>

/// Somebody is not content, and says so.
package struct Complaint: Sendable, Hashable {
    package let id: ComplaintID
    package let at: Instant
    /// An opaque reference.
    package let customer: String
    package let vin: VIN?
    package let dealer: String?
    package let component: String?
    package let category: Category
    package let signs: Set<Sign>

    package enum Category: String, Sendable, Hashable, CaseIterable {
        case safety
        /// What was hidden: accident, flood, odometer.
        case disclosure
        case quality
        case repairDelay = "repair_delay"
        case claimHandling = "claim_handling"
        case warranty
        case price
        case transfer
        case privacy
        case service

        package var name: LocalizedText {
            switch self {
            case .safety: LocalizedText(zh: "安全隐患", en: "safety")
            case .disclosure: LocalizedText(zh: "隐瞒车况", en: "hidden condition")
            case .quality: LocalizedText(zh: "质量异议", en: "quality")
            case .repairDelay: LocalizedText(zh: "维修延误", en: "late repair")
            case .claimHandling: LocalizedText(zh: "理赔处理", en: "handling of a claim")
            case .warranty: LocalizedText(zh: "质保条款", en: "warranty")
            case .price: LocalizedText(zh: "价格争议", en: "price")
            case .transfer: LocalizedText(zh: "过户手续", en: "transfer")
            case .privacy: LocalizedText(zh: "个人信息", en: "privacy")
            case .service: LocalizedText(zh: "服务不周", en: "service")
            }
        }
    }

    /// What makes it graver.
    package enum Sign: String, Sendable, Hashable, CaseIterable {
        case injury
        case breakdown
        case media
        case regulator
        case lawyer
        case anger
        case `repeat`
    }

    package init(
        id: ComplaintID,
        at: Instant,
        customer: String,
        vin: VIN? = nil,
        dealer: String? = nil,
        component: String? = nil,
        category: Category,
        signs: Set<Sign> = []
    ) {
        self.id = id
        self.at = at.truncatedToMilliseconds
        self.customer = customer
        self.vin = vin
        self.dealer = dealer
        self.component = component
        self.category = category
        self.signs = signs
    }
}

package enum Severity: String, Sendable, Hashable, CaseIterable, Comparable {
    case low
    case medium
    case high
    case critical

    package static func < (left: Severity, right: Severity) -> Bool { left.level < right.level }

    /// To whom it goes at once.
    package var level: AuthorityLevel {
        switch self {
        case .low: .junior
        case .medium: .intermediate
        case .high: .senior
        case .critical: .manager
        }
    }

    var next: Severity { Severity.allCases.first { $0 > self } ?? self }
}

extension Complaint {
    /// Rules of this platform.
    package var severity: Severity {
        if signs.contains(.injury) || category == .safety { return .critical }
        let byCategory: Severity =
            switch category {
            case .safety: .critical
            case .disclosure, .privacy: .high
            case .quality, .repairDelay, .claimHandling, .price: .medium
            case .warranty, .transfer, .service: .low
            }
        let isPublic = !signs.isDisjoint(with: [.media, .regulator, .lawyer])
        let raised = isPublic ? max(byCategory, .high) : byCategory
        return signs.contains(.repeat) || signs.contains(.breakdown) ? raised.next : raised
    }

    /// Which clocks it runs. Where promises overlap all of them hold, so the first to end counts.
    package var clocks: [ClockKind] {
        let common: [ClockKind] = [.complaintCallback, .complaintFix, .response, .resultNotice]
        let isAfterSales = [.repairDelay, .claimHandling, .warranty, .quality].contains(category)
        let isUrgent = signs.contains(.breakdown) || category == .safety
        return (isUrgent ? [.urgent] : []) + common + (isAfterSales ? [.afterSales] : [])
    }

    /// - Parameter met: when each was met; what is not named is not met yet.
    package func clockRuns(met: [ClockKind: Instant]) -> [ClockRun] {
        clocks.map { ClockRun($0, startedAt: at, stoppedAt: met[$0]) }
    }

    /// Who can do the work.
    package var skill: Skill {
        switch category {
        case .safety, .quality, .repairDelay: Skill(component: component)
        case .disclosure: .inspection
        case .claimHandling, .warranty: .warranty
        case .price, .transfer, .privacy, .service: .service
        }
    }
}

extension Complaint: Stored {
    package var json: JSON {
        [
            "id": JSON(id), "at": JSON(at), "customer": JSON(customer), "vin": .optional(vin) { JSON($0.text) },
            "dealer": .optional(dealer) { JSON($0) }, "component": .optional(component) { JSON($0) },
            "category": JSON(category.rawValue), "signs": .array(signs.map(\.rawValue).sorted().map { JSON($0) }),
        ]
    }

    package init?(stored reader: inout ObjectReader) {
        let id = reader.text("id").flatMap { ComplaintID($0) }
        let at = reader.instant("at")
        let customer = reader.text("customer")
        let vin = reader.value("vin", as: VIN.self, required: false)
        let dealer = reader.text("dealer", required: false)
        let component = reader.text("component", required: false)
        let category = reader.oneOf("category", Category.self)
        let names = reader.texts("signs")
        let signs = names?.compactMap(Sign.init(rawValue:))
        guard let id, let at, let customer, let category, let signs, signs.count == names?.count else { return nil }
        self.init(
            id: id,
            at: at,
            customer: customer,
            vin: vin,
            dealer: dealer,
            component: component,
            category: category,
            signs: Set(signs)
        )
    }
}
