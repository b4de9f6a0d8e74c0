//! One file per component. They know words and domain types, never the server.

pub mod action_form;
pub mod avatar;
pub mod brand;
pub mod copy_button;
pub mod deck_list;
pub mod dialog;
pub mod empty_state;
pub mod error_view;
pub mod field;
pub mod frame;
pub mod group_decks;
pub mod group_live;
pub mod icon;
pub mod live;
pub mod live_now;
pub mod menu;
pub mod page_title;
pub mod pager;
pub mod picture;
pub mod relative_time;
pub mod room;
pub mod search_field;
pub mod skeleton;
pub mod text_area;
pub mod theme_switch;
pub mod toast;
