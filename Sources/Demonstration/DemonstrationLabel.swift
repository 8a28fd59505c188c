package import Core

/// What a car of the fleet is there to show. The texts are part of `labels.json`.
package enum DemonstrationLabel: String, Sendable, Hashable, CaseIterable {
    // Cars with nothing to hide.
    case clean
    case cleanElectric = "clean_electric"
    case declaredCommercial = "declared_commercial"

    // Odometers.
    case odometerRollback = "odometer_rollback"
    case odometerReplaced = "odometer_replaced"
    case odometerTypo = "odometer_typo"
    case odometerRollover = "odometer_rollover"

    // Damage.
    case flood
    case hiddenStructuralAccident = "hidden_structural_accident"
    case totalLossRebuilt = "total_loss_rebuilt"
    case batteryWorn = "battery_worn"
    case unregisteredModification = "unregistered_modification"

    // What stands in the way of a sale.
    case stolen
    case stolenRecovered = "stolen_recovered"
    case undisclosedRideHailing = "undisclosed_ride_hailing"
    case openRecall = "open_recall"
    case liveMortgage = "live_mortgage"
    case nearScrapTaxi = "near_scrap_taxi"
    case scrapped
    case exported

    // What the record itself is like.
    case longGap = "long_gap"
    case lateAccident = "late_accident"
    case corrected
    case retracted

    // After the sale.
    case saleReturned = "sale_returned"
    case warrantyClaimed = "warranty_claimed"

    package var description: LocalizedText {
        switch self {
        case .clean: LocalizedText(zh: "记录完整、没有问题的车", en: "A complete record, nothing wrong")
        case .cleanElectric:
            LocalizedText(zh: "没有问题的新能源车，电池定期检测", en: "A new-energy car in order, its battery measured regularly")
        case .declaredCommercial:
            LocalizedText(
                zh: "如实登记的营运车，里程高但前后一致",
                en: "A commercial car declared as such: many kilometres, all consistent"
            )
        case .odometerRollback:
            LocalizedText(zh: "出售前里程表被调低", en: "The odometer was turned back before the sale")
        case .odometerReplaced:
            LocalizedText(zh: "仪表故障更换，维修单写明原读数", en: "The instrument was replaced, and the repair says so")
        case .odometerTypo: LocalizedText(zh: "一次保养的里程录入有误", en: "One service has a mistyped reading")
        case .odometerRollover: LocalizedText(zh: "五位里程表满十万公里归零", en: "A five-digit odometer passed 99,999 km")
        case .flood: LocalizedText(zh: "泡水车，转到外地出售", en: "A flooded car, offered for sale in another region")
        case .hiddenStructuralAccident:
            LocalizedText(zh: "伤及车身结构的事故，检测报告称没有", en: "A structural accident that the inspection denies")
        case .totalLossRebuilt: LocalizedText(zh: "推定全损后修复再售", en: "A constructive total loss, rebuilt and sold again")
        case .batteryWorn: LocalizedText(zh: "动力电池健康度低于 70%", en: "A traction battery below 70 % of its capacity")
        case .unregisteredModification: LocalizedText(zh: "改装未变更登记", en: "A modification that was never registered")
        case .stolen: LocalizedText(zh: "被盗，尚未找回", en: "Stolen, not found yet")
        case .stolenRecovered: LocalizedText(zh: "曾被盗抢，已找回", en: "Stolen once, and recovered")
        case .undisclosedRideHailing:
            LocalizedText(zh: "跑过网约车，出售时称未营运", en: "Ran for a ride-hailing company; sold as never commercial")
        case .openRecall: LocalizedText(zh: "有召回未完成", en: "A recall is still open")
        case .liveMortgage: LocalizedText(zh: "在售，抵押尚未解除", en: "For sale with a mortgage not released")
        case .nearScrapTaxi: LocalizedText(zh: "一年内到报废年限的出租车", en: "A taxi within a year of its scrap age")
        case .scrapped: LocalizedText(zh: "到年限报废的出租车", en: "A taxi scrapped at its age limit")
        case .exported: LocalizedText(zh: "已出口", en: "Exported")
        case .longGap: LocalizedText(zh: "两年多没有任何记录", en: "More than two years without any record")
        case .lateAccident: LocalizedText(zh: "成交以后才补报的事故", en: "An accident reported only after the sale")
        case .corrected: LocalizedText(zh: "录错的里程，原单位已更正", en: "A wrong reading that its source has corrected")
        case .retracted: LocalizedText(zh: "误报的出险，保险公司已撤回", en: "A claim reported by mistake and retracted")
        case .saleReturned:
            LocalizedText(zh: "成交后七天内退车，重新在售", en: "Returned within seven days of the sale, offered again")
        case .warrantyClaimed: LocalizedText(zh: "质保期内故障，已理赔", en: "A fault under warranty, claimed and settled")
        }
    }
}

// MARK: - Who gets which

extension DemonstrationLabel {
    private static let plain: [DemonstrationLabel] = [
        .clean, .cleanElectric, .clean, .declaredCommercial, .clean, .clean, .cleanElectric, .clean,
    ]
    private static let special = allCases.filter { !plain.contains($0) }
    /// Every special car stands between two plain ones; then follow as many plain ones again.
    private static let round = special.count * 4
    /// Hardly any car of the last decade has a dial of five digits: one round in three shows one.
    private static let roundsPerRollover = 3

    /// By the place in the fleet alone, so that even a small fleet has a car of each sort.
    init(ofVehicleAt index: Int) {
        let place = index % DemonstrationLabel.round
        let isSpecial = place % 2 == 1 && place / 2 < DemonstrationLabel.special.count
        let label = isSpecial ? DemonstrationLabel.special[place / 2] : .plain(at: place / 2)
        let isRolloverRound = index / DemonstrationLabel.round % DemonstrationLabel.roundsPerRollover == 0
        self = label == .odometerRollover && !isRolloverRound ? .clean : label
    }

    private static func plain(at index: Int) -> DemonstrationLabel {
        plain[index % plain.count]
    }
}
