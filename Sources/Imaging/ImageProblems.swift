package import Core

extension ProblemType {
    package static let imageRefused = ProblemType(
        "image_refused",
        .invalid,
        zh: "图片不能使用",
        en: "The image cannot be used"
    )
    package static let imagingBusy = ProblemType(
        "imaging_busy",
        .unavailable,
        zh: "正在处理的图片过多，请稍后再试",
        en: "Too many images are being worked on; try again shortly"
    )

    /// Every type that this target raises.
    package static let imaging: [ProblemType] = [.imageRefused, .imagingBusy]
}

extension Failure {
    package static let imagingBusy = Failure(.imagingBusy, retryAfterSeconds: ImageLimits.retryAfterSeconds)

    /// The fault is the whole body's.
    static func refusedImage(_ code: String, zh: String, en: String) -> Failure {
        Failure(.imageRefused, zh: zh, en: en, faults: [Fault("", code, zh: zh, en: en)])
    }

    static let damagedImage = refusedImage(
        "damaged",
        zh: "图片已损坏或不完整，请重新导出后再上传",
        en: "The image is damaged or cut off; export it again"
    )

    static let animatedImage = refusedImage(
        "animated",
        zh: "不接受动图，请导出为单张图片",
        en: "Animations are not taken; export a single image"
    )
}
