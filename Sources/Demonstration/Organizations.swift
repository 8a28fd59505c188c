/// Who reports. An event's kind decides which role may.
package enum DemonstrationRole: String, Sendable, Hashable, CaseIterable {
    case authority
    case insurer
    case workshop
    case dealer
    case admin
}

/// One reporter: a role, and which of its organisations, counted from 0.
package struct DemonstrationReporter: Sendable, Hashable {
    package let role: DemonstrationRole
    package let index: Int

    package init(_ role: DemonstrationRole, _ index: Int) {
        self.role = role
        self.index = index
    }

    /// `workshop-3`: what files and follow-ups call it.
    package var key: String { "\(role.rawValue)-\(index + 1)" }
}

/// An organisation that exists only here, with a credit code that checks (GB 32100) and was never given out.
package struct DemonstrationOrganization: Sendable, Hashable {
    package let reporter: DemonstrationReporter
    package let name: String
    package let uscc: String

    package var fileName: String { "\(reporter.key).ndjson" }

    /// In the order in which a loader should import their files: those whose events sellers cannot know beforehand
    /// first, so that a sale is recorded after what happened before it.
    package static let all: [DemonstrationOrganization] =
        organizations(
            .authority,
            [
                ("华东机动车登记演示中心", "12330100MBDEM1018U"), ("华南机动车登记演示中心", "12440100MBDEM1026H"),
                ("华北机动车登记演示中心", "12110000MBDEM1034N"), ("西南机动车登记演示中心", "12510100MBDEM1042H"),
                ("汽车召回公告演示中心", "12110000MBDEM1050C"),
            ]
        )
        + organizations(
            .insurer,
            [
                ("云舟财产保险股份有限公司", "91310000MADEM2017B"), ("禾屿财产保险股份有限公司", "91440300MADEM2025Q"),
                ("远桥汽车保险股份有限公司", "91110000MADEM2033K"),
            ]
        )
        + organizations(
            .workshop,
            [
                ("杭州栖云汽车维修有限公司", "91330106MADEM301XT"), ("苏州澜屿汽车销售服务有限公司", "91320500MADEM3028L"),
                ("广州榕澈汽车维修有限公司", "91440101MADEM30368"), ("深圳砚海汽车销售服务有限公司", "91440300MADEM3044Y"),
                ("北京槐序汽车服务有限公司", "91110108MADEM3052J"), ("济南泉野汽车销售服务有限公司", "91370100MADEM30600"),
                ("成都青穗汽车维修有限公司", "91510100MADEM3079H"), ("重庆岭渡汽车销售服务有限公司", "91500000MADEM30873"),
            ]
        )
        + organizations(
            .dealer,
            [
                ("杭州诚车二手车有限公司", "91330100MADEM4012P"), ("广州珠砚二手车有限公司", "91440101MADEM4020U"),
                ("北京松间二手车有限公司", "91110105MADEM40392"), ("成都拾里二手车有限公司", "91510100MADEM4047F"),
            ]
        )
        + organizations(.admin, [("车信平台演示中心", "91330100MADEM50158")])

    private static func organizations(
        _ role: DemonstrationRole,
        _ list: [(name: String, uscc: String)]
    ) -> [DemonstrationOrganization] {
        list.enumerated().map { index, organization in
            DemonstrationOrganization(
                reporter: DemonstrationReporter(role, index),
                name: organization.name,
                uscc: organization.uscc
            )
        }
    }
}

/// Where a plate is issued, and which organisations serve the place.
struct Region: Hashable {
    /// `浙A`
    let plate: String
    /// One registration centre, two workshops and a dealer serve a hub.
    let hub: Int

    static let hubs = 4
    static let workshopsPerHub = 2

    static let all: [Region] = [
        ["浙A", "浙B", "沪A", "苏A", "苏E"],
        ["粤A", "粤B", "粤S", "闽D"],
        ["京N", "津A", "冀A", "鲁A"],
        ["川A", "渝A", "贵A", "云A"],
    ].enumerated().flatMap { hub, plates in plates.map { Region(plate: $0, hub: hub) } }

    static func random(hub: Int? = nil, except: Int? = nil, using random: inout SeededRandom) -> Region {
        random.pick(all.filter { (hub == nil || $0.hub == hub) && $0.hub != except })
    }
}

extension DemonstrationReporter {
    /// Announces recalls; the other authorities register vehicles.
    static let recallCentre = DemonstrationReporter(.authority, Region.hubs)
    static let platform = DemonstrationReporter(.admin, 0)
    static let insurers = 3
}
