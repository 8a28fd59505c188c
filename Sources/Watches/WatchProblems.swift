package import Core

extension ProblemType {
    package static let tooManyWatches = ProblemType(
        "too_many_watches",
        .conflict,
        zh: "关注数量已达上限，请先删除不用的",
        en: "There are as many watches as are allowed; delete one first"
    )
    package static let watchWithoutURL = ProblemType(
        "watch_without_url",
        .conflict,
        zh: "此关注没有接收地址，请先设置 url",
        en: "This watch has no address to send to; set its url first"
    )
    package static let deliveryPending = ProblemType(
        "delivery_pending",
        .conflict,
        zh: "此通知仍在按顺序发送，不能重发",
        en: "This delivery is still being sent in its order, and cannot be replayed"
    )

    /// Every type that this target raises.
    package static let watches: [ProblemType] = [.tooManyWatches, .watchWithoutURL, .deliveryPending]
}
