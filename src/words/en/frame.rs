//! English: words of the frame around pages.

use crate::words::frame::Frame;

pub const FRAME: Frame = Frame {
    skip: "Skip to the content",
    navigation: "Main",
    home: "Home",
    decks: "Decks",
    groups: "Groups",
    join: "Join a quiz",
    sign_in: "Sign in",
    sign_up: "Sign up",
    sign_out: "Sign out",
    account: "Your account",
    account_menu: "Account menu",
    admin: "Administration",
    theme: "Light or dark",
    theme_system: "As the system",
    theme_light: "Light",
    theme_dark: "Dark",
    footer: "Studyhall runs on your school's own server.",
};
