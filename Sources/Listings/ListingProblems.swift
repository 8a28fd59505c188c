package import Core

extension ProblemType {
    package static let listingState = ProblemType(
        "listing_state",
        .conflict,
        zh: "车源当前状态不允许此操作",
        en: "The listing's state does not allow this"
    )
    package static let listingRefused = ProblemType(
        "listing_refused",
        .invalid,
        zh: "车源不符合发布规则",
        en: "The listing may not be published as it is"
    )
    package static let vehicleAlreadyListed = ProblemType(
        "vehicle_already_listed",
        .conflict,
        zh: "您已有一条在售车源是这辆车",
        en: "You offer this vehicle already"
    )
    package static let vehicleListedElsewhere = ProblemType(
        "vehicle_listed_elsewhere",
        .conflict,
        zh: "另一商家正在出售这辆车，已登记争议，由平台核实",
        en: "Another dealer offers this vehicle; a dispute was opened, which the platform settles"
    )
    package static let aboveOnePrice = ProblemType(
        "above_one_price",
        .invalid,
        zh: "成交价超过一口价，已记录",
        en: "More than the one price; the attempt was recorded"
    )
    package static let disputeSettled = ProblemType(
        "dispute_settled",
        .conflict,
        zh: "争议已有结论",
        en: "The dispute was settled before"
    )
    package static let searchWarming = ProblemType(
        "search_warming",
        .unavailable,
        zh: "车源搜索正在准备，请稍后重试",
        en: "The search is not ready yet; try again shortly"
    )

    package static let photoLimitReached = ProblemType(
        "photo_limit_reached",
        .conflict,
        zh: "一条车源最多 \(PhotoLimits.photosPerListing) 张照片",
        en: "A listing has \(PhotoLimits.photosPerListing) photos at the most"
    )

    package static let dealerSuspended = ProblemType(
        "dealer_suspended",
        .conflict,
        zh: "商家有先行赔付欠款未清，暂不能发布车源",
        en: "The dealer owes for an advance and may offer nothing for now"
    )

    /// What this slice may answer with.
    package static let listings: [ProblemType] = [
        .listingState, .listingRefused, .vehicleAlreadyListed, .vehicleListedElsewhere, .aboveOnePrice, .disputeSettled,
        .photoLimitReached, .dealerSuspended,
        .searchWarming,
    ]
}
